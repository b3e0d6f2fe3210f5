from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import compose, operators
from .query_catalogue import SECTIONS


class Query(models.Model):
    """A query over related records that a user put together from plain-language conditions (综合查询).

    ``conditions`` is a list of ``{"section", "field", "operator", "value"}``; ``tools.compose`` joins them. The answer
    is an ordinary list of the chosen level, with the user's own rights, to be sorted, grouped and exported there.
    """

    _name = "ctsp.query"
    _description = "Combined Query"
    _order = "write_date desc, id desc"

    name = fields.Char(required=True, default=lambda self: self.env._("New query"))
    user_id = fields.Many2one("res.users", string="Owner", required=True, readonly=True, index=True,
                              default=lambda self: self.env.user)
    shared = fields.Boolean(string="Share with Colleagues")
    level = fields.Selection(
        [("institution", "Institutions"), ("specialty", "Specialties"), ("person", "People"), ("trial", "Trials")],
        string="Result", required=True, default="institution")
    conditions = fields.Json(default=list)
    condition_count = fields.Integer(string="Conditions (Number)", compute="_compute_result_count")
    result_count = fields.Integer(string="Hits", compute="_compute_result_count")
    problem = fields.Char(compute="_compute_result_count")
    note = fields.Char()

    @api.depends("level", "conditions")
    @api.depends_context("uid")
    def _compute_result_count(self):
        """Hits with the rights of the user who looks; a condition half typed counts nothing and is named."""
        for query in self:
            query.condition_count = len(query.conditions or [])
            try:
                query.result_count = self.env[query._result_model()].search_count(query._domain())
                query.problem = False
            except ValidationError as error:
                query.result_count = 0
                query.problem = error.args[0]

    @api.constrains("level", "conditions")
    def _check_conditions(self):
        for query in self:
            query._domain()

    def _result_model(self):
        return SECTIONS[self.level][0]

    def _domain(self):
        """Return the domain of the answer.

        :raise ValidationError: names the first condition that cannot be understood, and why
        """
        sections = {}
        for number, condition in enumerate(self.conditions or [], 1):
            section = condition.get("section") if isinstance(condition, dict) else None
            sections.setdefault(section, []).extend(self._terms(number, condition))
        return compose.compose(self.level, sections)

    def _terms(self, number, condition):
        field = self._offered(number, condition)
        try:
            return operators.terms(field["kind"], condition.get("operator"), field["name"], condition.get("value"))
        except KeyError as error:
            raise ValidationError(self.env._(
                "Condition %(number)s (%(field)s): choose how to compare.", number=number, field=field["label"],
            )) from error
        except ValueError as error:
            raise ValidationError(self.env._(
                "Condition %(number)s (%(field)s): %(reason)s.", number=number, field=field["label"],
                reason=self._reason(error.args[0]))) from error

    def _offered(self, number, condition):
        """Return the catalogue's description of the condition's field; nothing else may be asked for."""
        section = condition.get("section") if isinstance(condition, dict) else None
        if section in SECTIONS:
            catalogue = self.env["ctsp.query.catalogue"]._section(section)["fields"]
            for field in catalogue:
                if field["name"] == condition.get("field"):
                    return field
        raise ValidationError(self.env._("Condition %s: choose a field.", number))

    @api.model
    def _reason(self, code):
        return {
            "empty": self.env._("the value is missing"),
            "number": self.env._("a number is wanted"),
            "date": self.env._("a date is wanted"),
            "choice": self.env._("nothing is chosen"),
            "pair": self.env._("two values are wanted"),
            "order": self.env._("the first value is greater than the second"),
        }.get(code, code)

    def action_open_results(self):
        """Open the answer as a list (button); its data calls check the user's rights."""
        self.ensure_one()
        self.check_access("read")
        model = self._result_model()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"{'ctsp_trial' if self.level == 'trial' else 'ctsp_institution'}.{model.replace('.', '_')}_action")
        return {
            **action, "name": self.env._("Query: %s", self.name), "domain": self._domain(),
            "context": {"create": False}, "target": "current", "path": False,
        }

    def action_export(self):
        """Open the export dialog for all hits (button); it checks the user's rights and asks for the columns."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("ctsp_base.export_wizard_action")
        return {**action, "context": {
            "active_model": self._result_model(), "active_ids": [], "active_domain": self._domain()}}

    def copy_data(self, default=None):
        """A copy belongs to whoever makes it."""
        return [
            {**vals, "name": self.env._("%s (copy)", vals["name"]), "user_id": self.env.uid, "shared": False}
            for vals in super().copy_data(default)
        ]

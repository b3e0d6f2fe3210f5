from odoo import api, fields, models, tools
from odoo.exceptions import UserError

from ..tools import clock
from ..tools.parameter_types import parse


class Parameter(models.Model):
    """A legal time limit or threshold; a dated row per change of the law says its value and where that is written."""

    _name = "ctsp.parameter"
    _inherit = ["mail.thread", "ctsp.cached.mixin"]
    _description = "Parameter"
    _order = "area, sequence, code"
    _rec_names_search = ["name", "code"]
    _integrity_fields = {1: ("code", "value_type")}

    name = fields.Char(required=True)
    code = fields.Char(required=True)
    area = fields.Char(required=True, index=True, help="What it is about; groups the list.")
    sequence = fields.Integer(default=10)
    value_type = fields.Selection(
        [("integer", "Whole Number"), ("float", "Decimal Number"), ("char", "Text"), ("date", "Date"),
         ("boolean", "Yes or No"), ("json", "Structure (JSON)")],
        string="Type", required=True, default="integer",
    )
    unit = fields.Char(help="What the number counts, e.g. working days.")
    description = fields.Text()
    value_ids = fields.One2many("ctsp.parameter.value", "parameter_id", string="Values")
    current_value_id = fields.Many2one("ctsp.parameter.value", string="Row in Force", compute="_compute_current")
    current_value = fields.Char(string="Value Today", compute="_compute_current")
    valid_from = fields.Date(string="In Force Since", compute="_compute_current")
    source = fields.Char(compute="_compute_current")
    verified = fields.Boolean(string="Checked Against the Source", compute="_compute_current")

    _code_unique = models.Constraint("UNIQUE(code)", "There is a parameter with this code already.")

    @api.depends("value_ids.valid_from", "value_ids.value", "value_ids.verified")
    def _compute_current(self):
        today = clock.today()
        for parameter in self:
            rows = parameter.value_ids.filtered(lambda row: row.valid_from and row.valid_from <= today)
            row = max(rows, key=lambda row: row.valid_from, default=self.env["ctsp.parameter.value"])
            parameter.current_value_id = row
            parameter.current_value = row.value
            parameter.valid_from = row.valid_from
            parameter.source = " ".join(filter(None, (row.source_document, row.source_article)))
            parameter.verified = row.verified

    @api.model_create_multi
    def create(self, vals_list):
        # the values note themselves; “created” would say nothing
        return super(Parameter, self.with_context(mail_create_nolog=True)).create(vals_list)

    def write(self, vals):
        result = super().write(vals)
        if {"code", "value_type"} & vals.keys():
            self.value_ids._check_value()
        return result

    @api.model
    def _get(self, code, on=None):
        """Return the typed value of ``code`` valid on the day ``on`` (today in China when None).

        :param on: date, ISO text, or naive UTC datetime
        :raise UserError: no such parameter, or no value on that day
        """
        day = clock.as_date(on) if on else clock.today()
        value_type, rows = self._timeline(code)
        text = None
        for valid_from, value in rows:
            if valid_from > day:
                break
            text = value
        if text is None:
            raise UserError(self.env._(
                "Parameter “%(code)s” has no value on %(day)s. Please ask the system administrator to enter one.",
                code=code, day=fields.Date.to_string(day),
            ))
        return parse(value_type, text)

    @api.model
    def _is_known(self, code, on):
        """Say whether ``code`` has a value on the day ``on``: before, its rule was not in force."""
        return any(valid_from <= clock.as_date(on) for valid_from, _value in self._timeline(code)[1])

    @api.model
    @tools.ormcache("code")
    def _timeline(self, code):
        """Return ``(type, ((valid_from, text), …))`` in order of time; the type is None for an unknown code."""
        parameter = self.sudo().search([("code", "=", code)])  # sudo: every rule needs it, whoever triggers the rule
        rows = parameter.value_ids.sorted("valid_from")
        return parameter.value_type, tuple((row.valid_from, row.value) for row in rows)

    @api.model
    def _source_on(self, code, on=None):
        """Return document and article that the value of ``code`` on the day ``on`` rests on, "" when none is given."""
        day, source = clock.as_date(on) if on else clock.today(), ""
        for valid_from, text in self._sources(code):
            source = text if valid_from <= day else source
        return source

    @api.model
    @tools.ormcache("code")
    def _sources(self, code):
        """Return ``((valid_from, document and article), …)`` in order of time."""
        rows = self.sudo().search([("code", "=", code)]).value_ids  # superuser: a law is no secret
        return tuple((row.valid_from, " ".join(filter(None, (row.source_document, row.source_article))))
                     for row in rows.sorted("valid_from"))

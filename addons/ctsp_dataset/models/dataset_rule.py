from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.expression import ExpressionError, names


class DatasetRule(models.Model):
    """A rule of a version: over one row (``expression``), or over the rows of a submission. Data, never code."""

    _name = "ctsp.dataset.rule"
    _description = "Rule of a Data Set"
    _inherit = ["ctsp.dataset.part.mixin"]
    _order = "version_id, sequence, id"
    _rec_name = "message"

    version_id = fields.Many2one("ctsp.dataset.version", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    code = fields.Char("Rule Code", required=True)
    kind = fields.Selection(
        [("row", "Within a Row"), ("unique", "Once in a Submission"), ("exists", "Refers to Another Row")],
        required=True, default="row")
    expression = fields.Char(
        help="For example: end_date >= start_date; status = '3' implies present(end_date); count(members) >= 7; "
             "any(members, gender = 'f'). See the guide for all words.")
    field_codes = fields.Char("Fields", help="Codes of the fields, separated by commas.")
    target_codes = fields.Char("Stand In", help="Codes of the fields of the other row, separated by commas.")
    message = fields.Char("What Is Wrong")
    hint = fields.Char("How to Mend It")
    level = fields.Selection([("error", "Refuses the Row"), ("warning", "Is Told")], required=True, default="error")
    source = fields.Char("Source Standard")

    _code_unique = models.Constraint("UNIQUE(version_id, code)", "The version has a rule of this code already.")

    @api.constrains("expression", "kind")
    def _check_expression(self):
        for rule in self.filtered(lambda item: item.kind == "row"):
            try:
                names(rule.expression or "")
            except ExpressionError as error:
                raise ValidationError(self.env._(
                    "Rule “%(rule)s” cannot be read: %(reason)s", rule=rule.code, reason=str(error))) from error

    def _data(self):
        """Return the rule as plain data."""
        self.ensure_one()
        return {
            "code": self.code, "kind": self.kind, "expression": self.expression or "" if self.kind == "row" else "",
            "fields": self._codes(self.field_codes), "target": self._codes(self.target_codes),
            "message": self.message or "", "hint": self.hint or "", "level": self.level, "source": self.source or ""}

    @staticmethod
    def _codes(text):
        return [code.strip() for code in (text or "").replace("，", ",").split(",") if code.strip()]

    @api.model
    def _values(self, rule, place):
        """Return the field values of the plain ``rule``."""
        return {
            "sequence": place * 10, "code": rule.code, "kind": rule.kind, "expression": rule.expression,
            "field_codes": ",".join(rule.fields), "target_codes": ",".join(rule.target), "message": rule.message,
            "hint": rule.hint, "level": rule.level, "source": rule.source}

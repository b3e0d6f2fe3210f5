from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.parameter_types import parse


class ParameterValue(models.Model):
    """The value of a parameter from a day on. Each change is noted in the parameter's chatter."""

    _name = "ctsp.parameter.value"
    _inherit = ["ctsp.cached.mixin"]
    _description = "Parameter Value"
    _order = "parameter_id, valid_from desc"
    _rec_name = "value"

    parameter_id = fields.Many2one("ctsp.parameter", required=True, index=True, ondelete="cascade")
    valid_from = fields.Date(required=True)
    value = fields.Char(required=True)
    source_document = fields.Char(help="The document that says so, with its number.")
    source_article = fields.Char(string="Article")
    verified = fields.Boolean(
        string="Checked Against the Source",
        help="Somebody compared this row with the text of the document. Rows that are not checked may be wrong.",
    )
    note = fields.Char()

    _day_unique = models.Constraint(
        "UNIQUE(parameter_id, valid_from)", "A parameter has one value from a day on; change that row instead."
    )

    @api.constrains("value", "parameter_id")
    def _check_value(self):
        for row in self:
            try:
                parse(row.parameter_id.value_type, row.value)
            except ValueError:
                types = dict(row.parameter_id._fields["value_type"]._description_selection(self.env))
                raise ValidationError(self.env._(
                    "“%(value)s” is no value for “%(parameter)s”, which is of the type “%(type)s”.",
                    value=row.value, parameter=row.parameter_id.name, type=types[row.parameter_id.value_type],
                )) from None

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        for row in rows:
            row._note_change(self.env._("New value: %(value)s from %(day)s", value=row.value, day=row.valid_from))
        return rows

    def write(self, vals):
        before = {row: (row.value, row.valid_from) for row in self}
        result = super().write(vals)
        for row, (value, day) in before.items():
            if (value, day) != (row.value, row.valid_from):
                row._note_change(self.env._(
                    "Value changed: %(old)s from %(old_day)s → %(new)s from %(new_day)s",
                    old=value, old_day=day, new=row.value, new_day=row.valid_from,
                ))
        return result

    def unlink(self):
        for row in self:
            row._note_change(self.env._("Value removed: %(value)s from %(day)s", value=row.value, day=row.valid_from))
        return super().unlink()

    def _note_change(self, text):
        if not (self.env.su and self.env.context.get("install_mode")):
            self.parameter_id._message_log(body=text)

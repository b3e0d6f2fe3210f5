from odoo import api, fields, models
from odoo.exceptions import ValidationError


class InspectorLeave(models.Model):
    """A period in which an inspector cannot be sent out. Planners enter it, inspectors their own."""

    _name = "ctsp.inspector.leave"
    _description = "Absence of an Inspector"
    _inherit = ["ctsp.inspector.own.mixin"]
    _order = "date_from desc, id"
    _rec_name = "kind"
    _integrity_fields = {1: ("inspector_id", "kind", "date_from", "date_to")}

    inspector_id = fields.Many2one(
        "ctsp.inspector", required=True, index=True, ondelete="cascade",
        default=lambda self: self.env["ctsp.inspector"]._mine())
    kind = fields.Selection(
        [("leave", "Leave"), ("training", "Training"), ("secondment", "Secondment"), ("other", "Other Work")],
        required=True, default="leave")
    date_from = fields.Date("From", required=True, index=True)
    date_to = fields.Date("To", required=True, index=True)
    note = fields.Char()

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for row in self:
            if row.date_to < row.date_from:
                raise ValidationError(self.env._(
                    "Absence of %(inspector)s: “To” lies before “From”.", inspector=row.inspector_id.name))

from odoo import fields, models


class AnnualLineMixin(models.AbstractModel):
    """A part of an annual report: fixed once the report is handed in."""

    _name = "ctsp.annual.line.mixin"
    _description = "Part of an Annual Report"
    _inherit = ["ctsp.part.mixin"]
    _desk_parent = "report_id"

    report_id = fields.Many2one("ctsp.annual.report", required=True, readonly=True, index=True, ondelete="cascade")
    report_state = fields.Selection(related="report_id.state", string="State of the Report")

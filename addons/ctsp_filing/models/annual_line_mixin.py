from odoo import api, fields, models
from odoo.exceptions import UserError

from .annual_report import OPEN_STATES


class AnnualLineMixin(models.AbstractModel):
    """A part of an annual report: fixed once the report is handed in."""

    _name = "ctsp.annual.line.mixin"
    _description = "Part of an Annual Report"
    _inherit = ["ctsp.owned.mixin"]
    _desk_parent = "report_id"

    report_id = fields.Many2one("ctsp.annual.report", required=True, readonly=True, index=True, ondelete="cascade")
    report_state = fields.Selection(related="report_id.state", string="State of the Report")

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._check_open()
        return rows

    def write(self, vals):
        self._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_open(self):
        self._check_open()

    def _check_open(self):
        """Refuse to touch what has been handed in (superuser: the engine pre-fills)."""
        if not self.env.su and any(row.report_id.state not in OPEN_STATES for row in self):
            raise UserError(self.env._("The report has been handed in; it can be edited only after it is returned."))

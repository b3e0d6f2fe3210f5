from odoo import api, models


class IrActionsReport(models.Model):
    """Printing is logged: which report, of which records."""

    _inherit = "ir.actions.report"

    @api.model
    def _render(self, report_ref, res_ids, data=None):
        result = super()._render(report_ref, res_ids, data=data)
        report = self._get_report(report_ref)
        if report.model in self.env:
            ids = [res_ids] if isinstance(res_ids, int) else list(res_ids or [])
            self.env["ctsp.audit.port"]._log("print", self.env[report.model].browse(ids), report=report.name)
        return result

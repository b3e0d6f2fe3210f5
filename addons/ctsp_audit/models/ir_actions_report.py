from odoo import api, models

LOGGED = "ctsp_print_logged"
DONE = object()
"""value of the context key for a printing that is logged; the address of a report may carry a context, but not this"""


class IrActionsReport(models.Model):
    """Printing is logged, whoever asks for it: which report, of which records."""

    _inherit = "ir.actions.report"

    @api.model
    def _render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        return super(IrActionsReport, self._log_print(report_ref, res_ids))._render_qweb_pdf(report_ref, res_ids, data)

    @api.model
    def _render_qweb_html(self, report_ref, docids, data=None):
        return super(IrActionsReport, self._log_print(report_ref, docids))._render_qweb_html(report_ref, docids, data)

    @api.model
    def _render_qweb_text(self, report_ref, docids, data=None):
        return super(IrActionsReport, self._log_print(report_ref, docids))._render_qweb_text(report_ref, docids, data)

    @api.model
    def _log_print(self, report_ref, res_ids):
        """Log once for each printing; return ``self`` with a context in which nothing more is logged."""
        report = self._get_report(report_ref)
        if self.env.context.get(LOGGED) is not DONE and report.model in self.env:
            ids = [res_ids] if isinstance(res_ids, int) else list(res_ids or [])
            self.env["ctsp.audit.port"]._log("print", self.env[report.model].browse(ids), report=report.name)
        return self.with_context(**{LOGGED: DONE})

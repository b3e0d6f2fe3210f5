from odoo import models

from odoo.addons.ctsp_exchange.tools.outgoing import Outgoing

from ..tools import words


class AnnualReport(models.AbstractModel):
    """An annual report of an institution (annual.report), as it is handed in, returned and accepted."""

    _name = "ctsp.connector.admin.annual.report"
    _inherit = "ctsp.exchange.handler"
    _description = "Inspection System: Annual Reports"

    _push_model = "ctsp.annual.report"

    def _push_domain(self):
        return [("state", "!=", "draft")]

    def _payloads(self, records, event, facts):
        for report in records:
            whose = report.institution_id
            yield Outgoing(
                f"{whose.record_no or f'#{whose.id}'}/{report.year}", words.annual_report(report), records=report)

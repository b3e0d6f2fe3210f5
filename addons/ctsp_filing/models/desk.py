from odoo import api, models

from .filing_line_mixin import OPEN_STATES

FILINGS = "ctsp_filing.ctsp_filing_desk_action"
REPORTS = "ctsp_filing.ctsp_annual_report_desk_action"


class Desk(models.AbstractModel):
    """What an institution finds on the first page of its desk: what was returned, what is due."""

    _inherit = "ctsp.desk"

    @api.model
    def _cards(self):
        return [
            *super()._cards(),
            self._card(FILINGS, self.env._("Filings returned for correction"), [("state", "=", "returned")],
                       tone="warning", icon="fa-reply"),
            self._card(FILINGS, self.env._("Filings being written"), [("state", "=", "draft")], icon="fa-pencil"),
            self._card(FILINGS, self.env._("Filings with the regulator"),
                       [("state", "in", ("submitted", "in_review"))], icon="fa-hourglass-half"),
            self._card(REPORTS, self.env._("Annual reports to hand in"),
                       [("state", "in", OPEN_STATES), ("campaign_id.state", "=", "open")], tone="warning",
                       icon="fa-calendar-check-o"),
        ]

    @api.model
    def _deadlines(self):
        lines = super()._deadlines()
        reports = self.env["ctsp.annual.report"]
        if reports.has_access("read"):
            lines += [
                self._deadline(REPORTS, report, report.date_due, report.display_name)
                for report in reports.search([("state", "in", OPEN_STATES), ("campaign_id.state", "=", "open")])]
        return lines

from odoo import api, models
from odoo.tools import LazyTranslate

from .filing_line_mixin import OPEN_STATES

FILINGS = "ctsp_filing.ctsp_filing_desk_action"
REPORTS = "ctsp_filing.ctsp_annual_report_desk_action"

_lt = LazyTranslate(__name__)

FILINGS_RETURNED_FOR_CORRECTION = _lt("Filings returned for correction")
FILINGS_BEING_WRITTEN = _lt("Filings being written")
FILINGS_WITH_THE_REGULATOR = _lt("Filings with the regulator")
ANNUAL_REPORTS_TO_HAND_IN = _lt("Annual reports to hand in")


class Desk(models.AbstractModel):
    """What an institution finds on the first page of its desk: what was returned, what is due."""

    _inherit = "ctsp.desk"

    @api.model
    def _cards(self):
        return [
            *super()._cards(),
            self._card(FILINGS, self.env._(FILINGS_RETURNED_FOR_CORRECTION), [("state", "=", "returned")],
                       tone="warning", icon="fa-reply", context={"search_default_returned": 1}),
            self._card(FILINGS, self.env._(FILINGS_BEING_WRITTEN), [("state", "=", "draft")], icon="fa-pencil",
                       context={"search_default_draft": 1}),
            self._card(FILINGS, self.env._(FILINGS_WITH_THE_REGULATOR),
                       [("state", "in", ("submitted", "in_review"))], icon="fa-hourglass-half",
                       context={"search_default_waiting": 1}),
            self._card(REPORTS, self.env._(ANNUAL_REPORTS_TO_HAND_IN),
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

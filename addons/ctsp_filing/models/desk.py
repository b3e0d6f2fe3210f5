from odoo import api, models
from odoo.tools import LazyTranslate

from .filing_line_mixin import OPEN_STATES

FILINGS = "ctsp_filing.ctsp_filing_desk_action"
REPORTS = "ctsp_filing.ctsp_annual_report_desk_action"

_lt = LazyTranslate(__name__)

FILINGS_RETURNED_FOR_CORRECTION = _lt("Filings returned for correction")
FILINGS_BEING_WRITTEN = _lt("Filings being written")
FILINGS_WITH_THE_REGULATOR = _lt("Filings with the regulator")
FILINGS_DECIDED = _lt("Filings decided in the last 30 days")
ANNUAL_REPORTS_TO_HAND_IN = _lt("Annual reports to hand in")

DECIDED_LATELY = [("state", "in", ("approved", "refused")), ("decided_at", ">=", "today -30d")]


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
            self._card(FILINGS, self.env._(FILINGS_DECIDED), DECIDED_LATELY, tone="success", icon="fa-check-square-o",
                       context={"search_default_decided_lately": 1}),
            self._card(REPORTS, self.env._(ANNUAL_REPORTS_TO_HAND_IN),
                       [("state", "in", OPEN_STATES), ("campaign_id.state", "=", "open")], tone="warning",
                       icon="fa-calendar-check-o"),
        ]

    @api.model
    def _deadlines(self):
        return [*super()._deadlines(), *self._filing_deadlines(), *self._report_deadlines()]

    @api.model
    def _filing_deadlines(self):
        """Return the filings to be handed in again."""
        filings = self.env["ctsp.filing"]
        if not filings.has_access("read"):
            return []
        warning = self.env["ctsp.workday"]._warning
        return [
            self._deadline(
                FILINGS, filing, filing.correction_due,
                self.env._("Returned for correction: %(filing)s", filing=filing.display_name),
                warning=warning(filing.returned_at, filing.correction_due))
            for filing in filings.search([("state", "=", "returned"), ("correction_due", "!=", False)])]

    @api.model
    def _report_deadlines(self):
        """Return the annual reports to be handed in, returned ones among them."""
        reports = self.env["ctsp.annual.report"]
        if not reports.has_access("read"):
            return []
        return [
            self._deadline(
                REPORTS, report, report.date_due,
                self.env._("Returned: %(report)s", report=report.display_name) if report.state == "returned"
                else report.display_name)
            for report in reports.search([("state", "in", OPEN_STATES), ("campaign_id.state", "=", "open")])]

from odoo import api, models
from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

FIRST_INSPECTIONS_OVERDUE = _lt("First inspections overdue")
FIRST_INSPECTIONS_SOON_DUE = _lt("First inspections soon due")
FILINGS_TO_ACCEPT = _lt("Filings to accept")
FILINGS_I_REVIEW = _lt("Filings I review")
REVIEWS_OVERDUE = _lt("Reviews overdue")
ANNUAL_REPORTS_TO_REVIEW = _lt("Annual reports to review")
ANNUAL_REPORTS_OVERDUE = _lt("Annual reports overdue")


class Home(models.AbstractModel):
    """Counters of filings, annual reports and first inspections on the home screen."""

    _inherit = "ctsp.home"

    @api.model
    def _cards(self):
        cards = super()._cards()
        if self.env.user.has_group("ctsp_base.group_filing_officer"):
            cards += self._officer_cards()
        if self.env["ctsp.deadline"].has_access("read"):
            cards.append(self._counted_card(
                "deadlines_late", self.env._(FIRST_INSPECTIONS_OVERDUE), "ctsp_filing.ctsp_deadline_action",
                [("urgency", "in", ["late"])], "danger", 30))
            cards.append(self._counted_card(
                "deadlines_soon", self.env._(FIRST_INSPECTIONS_SOON_DUE), "ctsp_filing.ctsp_deadline_action",
                [("urgency", "in", ["soon"])], "warning", 31))
        return cards

    @api.model
    def _officer_cards(self):
        filings, reports = "ctsp_filing.ctsp_filing_action", "ctsp_filing.ctsp_annual_report_action"
        return [
            self._counted_card("filings_new", self.env._(FILINGS_TO_ACCEPT), filings,
                              [("state", "=", "submitted")], "info", 10),
            self._counted_card("filings_mine", self.env._(FILINGS_I_REVIEW), filings,
                              [("state", "=", "in_review"), ("reviewer_id", "=", self.env.uid)], "info", 11),
            self._counted_card("filings_late", self.env._(REVIEWS_OVERDUE), filings,
                              [("is_overdue", "=", True)], "danger", 12),
            self._counted_card("reports_new", self.env._(ANNUAL_REPORTS_TO_REVIEW), reports,
                              [("state", "=", "submitted")], "info", 20),
            self._counted_card("reports_late", self.env._(ANNUAL_REPORTS_OVERDUE), reports,
                              [("is_overdue", "=", True)], "danger", 21),
        ]

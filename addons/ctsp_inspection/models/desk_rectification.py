from odoo import api, models
from odoo.tools import LazyTranslate

from .rectification import WITH_INSTITUTION

RECTIFICATIONS = "ctsp_inspection.ctsp_rectification_desk_action"

_lt = LazyTranslate(__name__)

FINDINGS_RETURNED = _lt("Rectifications returned")
FINDINGS_OVERDUE = _lt("Rectifications overdue")
FINDINGS_TO_ANSWER = _lt("Findings to answer")
FINDINGS_WITH_THE_REGULATOR = _lt("Answers being verified")


class Desk(models.AbstractModel):
    """What an institution finds on its desk about findings of inspections."""

    _inherit = "ctsp.desk"

    @api.model
    def _cards(self):
        return [
            *super()._cards(),
            self._card(RECTIFICATIONS, self.env._(FINDINGS_OVERDUE), [("urgency", "in", ["late"])], tone="danger",
                       icon="fa-exclamation-triangle", context={"search_default_late": 1}),
            self._card(RECTIFICATIONS, self.env._(FINDINGS_RETURNED), [("state", "=", "returned")], tone="warning",
                       icon="fa-reply", context={"search_default_returned": 1}),
            self._card(RECTIFICATIONS, self.env._(FINDINGS_TO_ANSWER), [("state", "=", "waiting")], tone="warning",
                       icon="fa-wrench", context={"search_default_waiting": 1}),
            self._card(RECTIFICATIONS, self.env._(FINDINGS_WITH_THE_REGULATOR), [("state", "=", "answered")],
                       icon="fa-hourglass-half", context={"search_default_answered": 1}),
        ]

    @api.model
    def _deadlines(self):
        lines = super()._deadlines()
        items = self.env["ctsp.rectification"]
        if items.has_access("read"):
            warning = self.env["ctsp.workday"]._warning
            lines += [
                self._deadline(RECTIFICATIONS, item, item.date_due, item.display_name,
                               warning=warning(item.date_start, item.date_due))
                for item in items.search([("state", "in", WITH_INSTITUTION)], limit=50)]
        return lines

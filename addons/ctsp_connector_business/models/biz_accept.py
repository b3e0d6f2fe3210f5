from odoo import models

from ..tools import words


class BizAccept(models.AbstractModel):
    """An item was accepted, or not (biz.accept): once, with the number under which it is worked on."""

    _name = "ctsp.connector.business.accept"
    _inherit = "ctsp.exchange.handler"
    _description = "Business Platform: Acceptance"

    def _payloads(self, records, event, facts):
        for item in records.env["ctsp.business.item"]._of(records, following=False):
            if not item.accepted_at:
                item.accepted_at = self.env.cr.now()
                yield self._message(item, True)

    def _message(self, item, accepted, reason=""):
        return words.message(item, {
            "accepted": accepted, "acceptNo": item._accept_no(), "handler": item.user_id.name or "",
            "reviewDue": words.day(item.filing_id.review_due), "reason": reason})

from odoo import models

from ..tools import words


class BizStatus(models.AbstractModel):
    """How far an item is (biz.status): under review, to be mended and where, inspection arranged …"""

    _name = "ctsp.connector.business.status"
    _inherit = "ctsp.exchange.handler"
    _description = "Business Platform: Progress"

    def _payloads(self, records, event, facts):
        stage = words.OF_EVENT.get(event)
        for item in records.env["ctsp.business.item"]._of(records).filtered(lambda item: not item.closing):
            yield self._message(item, stage, records, (facts or {}).get("reason") or "")

    def _message(self, item, stage, record=None, reason=""):
        """Return where ``item`` is; ``record``: what moved, a planned inspection among them."""
        data = {"stage": stage, "reason": reason}
        if stage == "correction":
            data["marks"] = words.faults(item) or words.remarks(item.filing_id)
            data["due"] = words.day(item.filing_id.correction_due or item.date_due)
        elif record and record._name == "ctsp.plan.line":
            data["inspection"] = words.visit(record[:1])
        return words.message(item, data)

from odoo import models

from ..tools import words


class BizResult(models.AbstractModel):
    """What was decided on an item (biz.result), with the papers."""

    _name = "ctsp.connector.business.result"
    _inherit = "ctsp.exchange.handler"
    _description = "Business Platform: Results"

    def _payloads(self, records, event, facts):
        items = records.env["ctsp.business.item"]._of(records, following=False)
        for item in items.filtered(lambda item: item.state != "unmatched"):  # called off for another's sake: goes on
            yield self._message(item)

    def _message(self, item):
        return words.message(item, {
            "result": item.state, **words.decided(item), "documents": item._result_papers()})

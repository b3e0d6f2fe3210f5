from odoo import models

from odoo.addons.ctsp_exchange.tools.errors import Final


class BizItem(models.AbstractModel):
    """An item is handed in, changed, supplemented or withdrawn (biz.item)."""

    _name = "ctsp.connector.business.item"
    _inherit = "ctsp.exchange.handler"
    _description = "Business Platform: Items"

    def _receive(self, message, data):
        if data["itemNo"] != message.business_id:
            raise Final(self.env._(
                "itemNo is “%(item)s”, bizId is “%(message)s”: they must be the same.", item=data["itemNo"],
                message=message.business_id))
        item = self.env["ctsp.business.item"]._receive(message, data)
        message._link(item)
        if target := item._target():
            message._link(target)
        return {
            "itemNo": item.number, "state": item.state, "acceptNo": item.filing_id.number or "",
            "applied": item.version == message.version and not item.is_pending,
            "reason": item.attention or item.problem or item.problem_text or ""}

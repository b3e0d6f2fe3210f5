from odoo import fields, models
from odoo.tools import SQL


class BusinessMessage(models.Model):
    """A message about an item."""

    _name = "ctsp.business.message"
    _description = "Message about a Business Item"
    _inherit = ["ctsp.exchange.message.mixin"]
    _auto = False
    _rec_name = "kind"
    _backend = "business"

    item_id = fields.Many2one("ctsp.business.item", readonly=True)
    kind = fields.Selection(
        [("biz.item", "Business Item"), ("biz.file", "File"), ("biz.accept", "Acceptance"), ("biz.status", "Progress"),
         ("biz.result", "Result"), ("receipt", "Receipt")], "Message", readonly=True)

    def _about(self):
        return SQL("""
            SELECT m.id AS message_id, i.id AS item_id
              FROM ctsp_business_item i
              JOIN ctsp_exchange_message m ON m.business_id IN (i.number, 'biz.item:' || i.number)""")

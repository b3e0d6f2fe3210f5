from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.ctsp_exchange.models.exchange_message import STATES


class BusinessMessage(models.Model):
    """A message about an item, as its readers see it: when, what kind, what became of it; never its content."""

    _name = "ctsp.business.message"
    _description = "Message about a Business Item"
    _auto = False
    _order = "id desc"
    _rec_name = "kind"

    item_id = fields.Many2one("ctsp.business.item", readonly=True)
    direction = fields.Selection([("in", "Received"), ("out", "Sent")], readonly=True)
    kind = fields.Selection(
        [("biz.item", "Business Item"), ("biz.file", "File"), ("biz.accept", "Acceptance"), ("biz.status", "Progress"),
         ("biz.result", "Result"), ("receipt", "Receipt")], "Message", readonly=True)
    version = fields.Integer(readonly=True, aggregator=None)
    state = fields.Selection(STATES, readonly=True)
    receipt_state = fields.Selection(
        [("done", "Applied There"), ("dead", "Failed There"), ("superseded", "Superseded There"),
         ("person", "With a Person There")], "Receipt", readonly=True)
    created_at = fields.Datetime("Made At", readonly=True)
    done_at = fields.Datetime("Dealt With At", readonly=True)
    tries = fields.Integer(readonly=True, aggregator=None)
    reason = fields.Text(readonly=True)

    def action_message(self):
        """Open the message itself, for who keeps the exchange."""
        self.ensure_one()
        self.env["ctsp.exchange.message"].browse(self.id).check_access("read")
        return {"type": "ir.actions.act_window", "res_model": "ctsp.exchange.message", "res_id": self.id,
                "views": [(False, "form")]}

    @property
    def _table_query(self):
        return SQL("""
            SELECT m.id, i.id AS item_id, m.direction, k.code AS kind, m.version, m.state, m.receipt_state,
                   m.created_at, m.done_at, m.tries, m.reason
              FROM ctsp_business_item i
              JOIN ctsp_exchange_message m ON m.business_id IN (i.number, 'biz.item:' || i.number)
              JOIN ctsp_exchange_type k ON k.id = m.type_id
              JOIN ctsp_exchange_backend b ON b.id = m.backend_id AND b.code = 'business'""")

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.receipts import FAILED_THERE


class ExchangeMessageReceipt(models.Model):
    """What the other side said it did with a message that it had accepted."""

    _inherit = "ctsp.exchange.message"

    is_failed_there = fields.Boolean(
        "Delivered, but Failed There", compute="_compute_is_failed_there", search="_search_is_failed_there",
        help="The receiver could not apply it, nor a newer version. It ends with a better receipt, or when it is sent "
        "again.")

    _failed_there_idx = models.Index("(type_id) WHERE receipt_state = 'dead'")

    @api.depends("state", "receipt_state")
    def _compute_is_failed_there(self):
        failed = self.filtered_domain([("receipt_state", "=", "dead")])
        failed = failed and failed.search([("id", "in", failed.ids), ("is_failed_there", "=", True)])
        for message in self:
            message.is_failed_there = message in failed

    def _search_is_failed_there(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        return Domain("id", "in", SQL("(SELECT m.id FROM ctsp_exchange_message m WHERE %s)", FAILED_THERE))


class ReceiptHandler(models.AbstractModel):
    """Receipts that another system sends about our messages."""

    _name = "ctsp.exchange.receipt.handler"
    _inherit = "ctsp.exchange.handler"
    _description = "Handler of Receipts"

    def _receive(self, message, data):
        found = self.env["ctsp.exchange.message"].search([
            ("backend_id", "=", message.backend_id.id), ("direction", "=", "out"),
            ("type_id.code", "=", data.get("type")), ("business_id", "=", data.get("bizId")),
            ("version", "=", data.get("version"))], limit=1)
        states = dict(found._fields["receipt_state"].selection)
        if found and data.get("state") in states:
            reason = str(data.get("reason") or "")[:500]
            message._link(found)
            found.write({"receipt_state": data["state"], "receipt_reason": reason})
            self.env["ctsp.exchange.try"]._add(found, "receipt", reason=f"{data['state']} {reason}".strip())

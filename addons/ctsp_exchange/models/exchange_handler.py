from odoo import models

from ..tools.outgoing import Outgoing


class ExchangeHandler(models.AbstractModel):
    """What a message type means to the platform. Connectors inherit it, one small class for each verb.

    See docs/exchange.md, “Writing a connector”.
    """

    _name = "ctsp.exchange.handler"
    _description = "Handler of Messages"

    _push_model = None  # model whose records a full push sends

    def _receive(self, message, data):
        """Apply a received message, in a transaction of its own.

        :return: facts for the receipt, or None
        :raise Final, Retry, Superseded: of ``tools.errors``
        """

    def _payloads(self, records, event, facts):
        """Yield the messages (``Outgoing``) that a business event makes, in the business transaction: no I/O."""
        for record in records:
            yield Outgoing(f"{record._name},{record.id}", {"event": event, **(facts or {})}, records=record)

    def _push_domain(self):
        """Return which records of ``_push_model`` a full push sends; each goes through :meth:`_payloads`."""
        return []

    def _push_since(self, moment):
        """Return which records of ``_push_model`` changed since ``moment``."""
        return [("write_date", ">=", moment)]

    def _delivered(self, message, answer):
        """The other side accepted ``message``; ``answer`` is what it said."""

    def _died(self, message, reason):
        """``message``, which was to be sent, became a dead letter or was given up."""


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
            found.write({"receipt_state": data["state"], "receipt_reason": reason})
            self.env["ctsp.exchange.try"]._add(found, "receipt", reason=f"{data['state']} {reason}".strip())

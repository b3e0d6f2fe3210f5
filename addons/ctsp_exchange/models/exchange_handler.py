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

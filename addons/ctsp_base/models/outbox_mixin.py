import json

from odoo import models


class OutboxMixin(models.AbstractModel):
    """Outbox port: how business code tells other systems what happened, without knowing them. See docs/kernel.md."""

    _name = "ctsp.outbox.mixin"
    _description = "Outbox port Mixin"

    def _outbox_emit(self, event, payload=None):
        """Announce a business event inside the business transaction.

        :param event: dotted name, e.g. ``ctsp.filing.approve``
        :param payload: JSON-serialisable dict, None for none
        :return: None. Does nothing here but refuse what cannot be sent; the exchange engine writes a message row.
            Never does I/O.
        :raise TypeError: the payload is not JSON-serialisable
        """
        json.dumps(payload)

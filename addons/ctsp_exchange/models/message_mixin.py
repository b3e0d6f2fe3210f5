from odoo import fields, models
from odoo.tools import SQL

from ..tools.receipts import FAILED_THERE

FAILED = "failed_there"


def own(name):
    """Return the choices of a message's own field, so that they have one translation, wherever they are shown."""
    return lambda self: self.env["ctsp.exchange.message"]._fields[name]._description_selection(self.env)


def states(self):
    """Return the states of a message, and what its receiver said of one that arrived."""
    said = dict(own("receipt_state")(self))
    return [*own("state")(self), (FAILED, said["dead"])]


class ExchangeMessageMixin(models.AbstractModel):
    """A message about a record, as its readers see it: when, what kind, what became of it; never its content.

    An heir is a view: it declares ``kind`` (which types there are), names the system in ``_backend`` and says in
    ``_about()`` which messages are about which record.
    """

    _name = "ctsp.exchange.message.mixin"
    _description = "Message about a Record"
    _order = "id desc"
    _backend = ""

    direction = fields.Selection(own("direction"), readonly=True)
    version = fields.Integer(readonly=True, aggregator=None)
    state = fields.Selection(states, readonly=True)
    receipt_state = fields.Selection(own("receipt_state"), "Their Receipt", readonly=True)
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

    def _about(self):
        """Return the query (``SQL``) that gives ``message_id`` and the heir's own fields, under their names."""
        raise NotImplementedError

    @property
    def _table_query(self):
        return SQL("""
            SELECT a.*, m.id, m.direction, k.code AS kind, m.version, m.receipt_state, m.created_at, m.done_at, m.tries,
                   CASE WHEN %s THEN %s ELSE m.state END AS state,
                   coalesce(m.reason, CASE WHEN m.receipt_state <> 'done' THEN m.receipt_reason END) AS reason
              FROM (%s) a
              JOIN ctsp_exchange_message m ON m.id = a.message_id
              JOIN ctsp_exchange_type k ON k.id = m.type_id
              JOIN ctsp_exchange_backend b ON b.id = m.backend_id AND b.code = %s""",
                   FAILED_THERE, FAILED, self._about(), self._backend)

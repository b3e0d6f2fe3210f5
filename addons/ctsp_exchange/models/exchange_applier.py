import logging

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import moment
from ..tools.errors import ExchangeError, Final, Superseded
from ..tools.outgoing import Outgoing
from ..tools.pump import CONFLICTS, OUTAGES
from .exchange_pump import APPLY

_logger = logging.getLogger(__name__)


class ExchangeApplier(models.AbstractModel):
    """Applying what came in: the handler's work and the message's new state are one transaction."""

    _inherit = "ctsp.exchange.pump"

    @api.model
    def _claim_in(self):
        """Return ``(message, token)`` of the next received message, None when there is none."""
        now = moment.now()
        for backend in self._systems_due(now):
            while due := self._lock_due("in", now, 1, backend):
                if taken := self._take(due, now, APPLY):
                    return taken.id, taken.token
        return None

    @api.model
    def _systems_due(self, now):
        """Return the systems that sent what is due now, in random order: a flood of one starves no other."""
        self.env.flush_all()
        self.env.cr.execute(SQL(
            """SELECT s.id FROM ctsp_exchange_backend s WHERE EXISTS (
                      SELECT FROM ctsp_exchange_message m WHERE m.backend_id = s.id AND %s) ORDER BY random()""",
            self._ready("in", now)))
        return self.env["ctsp.exchange.backend"].browse([row[0] for row in self.env.cr.fetchall()])

    @api.model
    def _process(self, message, token):
        """Apply a message. Whatever is raised here rolls everything back (``_settle_in_failed`` writes it down)."""
        if not (message := self._own(message, token)):
            return
        if message.type_id.order == "newest":
            # versions of one object take turns: which is newer is asked when no other is under way
            self.env["ctsp.exchange.nonce"]._take_turn(f"{message.type_id.id}\n{message.business_id}")
            if self._newer_done(message):
                raise Superseded(self.env._("A newer version was applied before."))
        facts = message.type_id._handler()._receive(message, message._canonical())
        self.env.flush_all()
        self.env["ctsp.exchange.try"]._add(message, "ok")
        message._finish("done")
        message._receipt("done", facts=facts)

    @api.model
    def _newer_done(self, message):
        return self.env["ctsp.exchange.message"].search_count([
            ("type_id", "=", message.type_id.id), ("business_id", "=", message.business_id),
            ("version", ">", message.version), ("state", "=", "done")], limit=1)

    @api.model
    def _settle_in_failed(self, message, token, error):
        """Write down why a message was not applied; nothing of what its handler did is left."""
        if not (message := self._own(message, token)):
            return
        state, reason = self._verdict(message, error)
        outcome = {"dead": "final", "superseded": "superseded"}.get(state, "retry")
        self.env["ctsp.exchange.try"]._add(message, outcome, reason=reason)
        if state == "queued":
            self._again(message, moment.now(), reason)
            return
        message._finish(state, reason)
        message._receipt(state, reason)

    @api.model
    def _verdict(self, message, error):
        """Return state and reason for what a handler raised."""
        if isinstance(error, Superseded):
            return "superseded", error.reason
        if isinstance(error, Final):
            return "dead", error.reason
        if isinstance(error, ExchangeError):
            return "queued", error.reason
        if isinstance(error, CONFLICTS):
            return "queued", self.env._("Other transactions were in the way.")
        if isinstance(error, OUTAGES):
            return "queued", str(error)[:500]
        if isinstance(error, UserError):
            return "dead", str(error)
        most = self.env["ctsp.parameter"]._get("exchange.max_deaths")
        reason = self.env._("Unexpected error: %(error)s", error=f"{type(error).__name__}: {error}"[:500])
        return ("dead" if message.tries >= most else "queued"), reason


class ExchangeReceipt(models.Model):
    """Receipts for what came in."""

    _inherit = "ctsp.exchange.message"

    def _receipt(self, state, reason="", facts=None):
        """Tell the sender what became of this message, where its type asks for that."""
        self.ensure_one()
        if not self.type_id.receipt:
            return
        number = f"{self.type_id.code}:{self.business_id}"
        sent = self.env[self._name]._send("receipt", self.backend_id.code, Outgoing(number, {
            "type": self.type_id.code, "bizId": self.business_id, "version": self.version, "state": state,
            "reason": reason or "", "at": int(moment.now().timestamp() * 1000), "result": facts or {}}))
        for receipt in sent:
            receipt._link(self)

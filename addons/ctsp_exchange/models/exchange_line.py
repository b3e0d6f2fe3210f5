from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.ctsp_base.tools.language import in_record_language

LONGEST_REST = 600  # seconds


class ExchangeLine(models.Model):
    """How the line to a system is doing: failures in a row, until when it rests, the clock of its rate limit.

    A row of its own, written by the engine with every request, so that the system's row is not. Locked while messages
    are claimed for it.
    """

    _name = "ctsp.exchange.line"
    _description = "Line to a System"
    _log_access = False
    _rec_name = "backend_id"

    backend_id = fields.Many2one("ctsp.exchange.backend", required=True, readonly=True, ondelete="cascade")
    failures = fields.Integer(readonly=True)
    open_until = fields.Datetime(readonly=True)
    opened = fields.Integer("Rests in a Row", readonly=True)
    slot = fields.Datetime("Rate Used Until", readonly=True)

    _backend_unique = models.UniqueIndex("(backend_id)")

    def _lock(self):
        """Take the row before it is written. To meet another process here is ordinary: the transaction is tried again,
        and the log says nothing of it."""
        self.env.cr.execute(SQL("SELECT FROM ctsp_exchange_line WHERE id = %s FOR UPDATE", self.id),
                            log_exceptions=False)

    def _succeeded(self):
        if self.failures or self.open_until or self.opened:
            self._lock()
            self.write({"failures": 0, "open_until": False, "opened": 0})
            self._tell(False)

    def _failed(self, now, after=0):
        """Count a failure of the line; at the threshold, or when a probe failed, let it rest."""
        self._lock()
        backend, failures = self.backend_id, self.failures + 1
        values = {"failures": failures}
        if failures >= backend.threshold and (not self.open_until or self.open_until <= now):
            rest = min(backend.rest_seconds * 2 ** min(self.opened, 10), LONGEST_REST)
            values |= {"open_until": now + timedelta(seconds=max(rest, after)), "opened": self.opened + 1}
            self._tell(True)
        self.write(values)

    def _tell(self, rests):
        """Raise or close the alert about the line."""
        alerts, key = self.env["ctsp.risk.alert"], f"exchange:line:{self.backend_id.id}"
        if rests:
            alerts._tell_stewards([{
                "key": key, "record": self.backend_id, "name": in_record_language(self).env._(
                    "“%(system)s” cannot be reached or refuses our key: messages wait",
                    system=self.backend_id.name)}])
        else:
            alerts._resolve([key])

    def _room(self, now, wanted):
        """Return how many messages may go now, and use up that part of the rate. The row is locked by the caller."""
        backend = self.backend_id
        if backend.state != "active" or not backend.active or not backend.url:
            return 0
        if self.open_until and self.open_until > now:
            return 0
        working = self.env["ctsp.exchange.message"].search_count([
            ("backend_id", "=", backend.id), ("direction", "=", "out"), ("state", "=", "working"),
            ("lease_until", ">", now)])
        room = min(wanted, backend.parallel - working)
        if self.open_until:  # after a rest one message probes
            room = min(room, 1 - working)
        if backend.rate:
            since = max(self.slot or now - timedelta(seconds=1), now - timedelta(seconds=1))
            room = min(room, int((now - since).total_seconds() * backend.rate))
        return max(room, 0)

    def _use(self, now, number):
        """Note that ``number`` messages went: that much of the rate is used up."""
        backend = self.backend_id
        if backend.rate and number:
            since = max(self.slot or now - timedelta(seconds=1), now - timedelta(seconds=1))
            self.slot = since + timedelta(seconds=number / backend.rate)

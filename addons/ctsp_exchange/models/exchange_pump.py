import secrets
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ..tools import moment, nudge

SPARE = 30  # seconds a lease lasts longer than the request may take
APPLY = 600  # seconds a received message may take
SOON = 0.2  # seconds: what could not be claimed although it is due is looked at again


class ExchangePump(models.AbstractModel):
    """Takes messages that are due for a process of its own: the part that the database decides.

    A claim is a short transaction: rows nobody else has locked, in turn, marked with a token and a lease. A process
    that dies leaves a lease that runs out, and the next claim takes the message over. Sending: ``exchange_sender.py``;
    applying: ``exchange_applier.py``; the threads: ``tools/pump.py``.
    """

    _name = "ctsp.exchange.pump"
    _description = "Queue of Messages"

    @api.model
    def _cron_pump(self):
        """The safety net: what a process that died left behind is due again."""
        for direction in ("in", "out"):
            nudge.start(self.env.cr.dbname, direction)

    @api.model
    def _ready(self, direction, now):
        """SQL condition on ``m``: its time has come, its system is running, and nothing earlier holds it back."""
        return SQL(
            """m.direction = %(direction)s AND m.state IN ('queued', 'working')
               AND CASE m.state WHEN 'queued' THEN m.next_try_at ELSE m.lease_until END <= %(now)s
               AND %(free)s""", direction=direction, now=now, free=self._free())

    @api.model
    def _free(self):
        return SQL(
            """EXISTS (SELECT FROM ctsp_exchange_backend b
                        WHERE b.id = m.backend_id AND b.state = 'active' AND b.active
                          AND (m.direction = 'in' OR b.url IS NOT NULL))
               AND (m.order_key IS NULL OR NOT EXISTS (
                    SELECT FROM ctsp_exchange_message e WHERE e.order_key = m.order_key AND e.id < m.id
                       AND e.state IN ('queued', 'working', 'dead')))""")

    @api.model
    def _lock_due(self, direction, now, limit, backend=None):
        """Return up to ``limit`` messages that are due, locked for this transaction."""
        self.env.flush_all()
        own = SQL("AND m.backend_id = %s", backend.id) if backend else SQL()
        self.env.cr.execute(SQL(
            """SELECT m.id FROM ctsp_exchange_message m WHERE %s %s ORDER BY m.is_bulk, m.id LIMIT %s
                  FOR UPDATE OF m SKIP LOCKED""", self._ready(direction, now), own, limit), log_exceptions=False)
        return self.env["ctsp.exchange.message"].browse([row[0] for row in self.env.cr.fetchall()])

    @api.model
    def _take(self, messages, now, seconds):
        """Mark ``messages`` as this process's own; return those that it may work on."""
        most = self.env["ctsp.parameter"]._get("exchange.max_deaths")
        taken = messages.browse()
        for message in messages:
            deaths = message.deaths + (message.state == "working")
            if deaths > message.deaths:
                self.env["ctsp.exchange.try"]._add(message, "died")
            if deaths >= most:
                message._finish("dead", self.env._(
                    "Its processing was interrupted %(number)s times. Please look into the log of the server.",
                    number=deaths), deaths=deaths)
                if message.direction == "in":
                    message._receipt("dead", message.reason)
                continue
            message.write({
                "state": "working", "token": secrets.token_hex(16), "deaths": deaths, "tries": message.tries + 1,
                "lease_until": now + timedelta(seconds=seconds),
                "first_sent_at": message.first_sent_at or now})
            taken |= message
        return taken

    @api.model
    def _own(self, message, token):
        """Return the message locked, if it still is this process's; empty if another took it over."""
        self.env.flush_all()
        self.env.cr.execute(SQL(
            "SELECT id FROM ctsp_exchange_message WHERE id = %s AND token = %s AND state = 'working' FOR UPDATE",
            message, token), log_exceptions=False)
        return self.env["ctsp.exchange.message"].browse([row[0] for row in self.env.cr.fetchall()])

    @api.model
    def _due_in(self, direction):
        """Return the seconds until a message is due, None when none waits."""
        now = moment.now()
        self.env.cr.execute(SQL(
            """SELECT min(greatest(
                          CASE m.state WHEN 'queued' THEN m.next_try_at ELSE m.lease_until END,
                          CASE m.direction WHEN 'out' THEN l.open_until END))
                 FROM ctsp_exchange_message m JOIN ctsp_exchange_line l ON l.backend_id = m.backend_id
                WHERE m.direction = %s AND m.state IN ('queued', 'working') AND %s""", direction, self._free()))
        due = self.env.cr.fetchone()[0]
        return None if due is None else max((due - now).total_seconds(), SOON)

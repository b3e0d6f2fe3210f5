import logging
import time
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_base.tools.address import line

from ..tools import moment, pump, refusing
from ..tools.counted import Counted

_logger = logging.getLogger(__name__)
KEEP_DAYS = 90
MOST = 200
"""rows of a system and day that name type and business number as they were sent; what is more is counted together"""
UNSIGNED = Counted(60)
SAME = ("backend_id", "date", "type_code", "code", "business_id", "is_signed")


class ExchangeRefusal(models.Model):
    """What other systems sent and we refused: nothing of it was kept, but how often it came, and why it was refused.

    One row for a system, type, code, business number and day, written in a transaction of its own, so that it outlives
    that of the request. A flood adds to a count. Who did not prove who he is stands in the audit log.
    """

    _name = "ctsp.exchange.refusal"
    _description = "Refused Messages"
    _inherit = ["ctsp.append.mixin"]
    _order = "last_at desc, id desc"
    _log_access = False
    _rec_name = "answer"

    backend_id = fields.Many2one("ctsp.exchange.backend", "System", required=True, readonly=True, ondelete="cascade")
    type_id = fields.Many2one(
        "ctsp.exchange.type", "Message Type", readonly=True, index="btree_not_null", ondelete="cascade")
    type_code = fields.Char("Type as Named", required=True, readonly=True)
    code = fields.Integer("Answer Code", required=True, readonly=True, aggregator=None)
    answer = fields.Char("Refused As", required=True, readonly=True)
    business_id = fields.Char(
        "Business No.", required=True, readonly=True, help="Of the message, where it could be read.")
    date = fields.Date("Day", required=True, readonly=True)
    times = fields.Integer("How Often", required=True, readonly=True, aggregator="sum")
    first_at = fields.Datetime("First At", required=True, readonly=True)
    last_at = fields.Datetime("Last At", required=True, readonly=True, index=True)
    reason = fields.Text("Last Told", readonly=True)
    key = fields.Char(readonly=True)
    is_signed = fields.Boolean("Signature Held", required=True, readonly=True, help="Not set: it was refused before "
                               "its signature could be verified, and may have come from anybody.")
    is_content = fields.Boolean(
        "For Its Content", required=True, readonly=True, help="It would be refused again, whenever it is sent.")

    _same_unique = models.UniqueIndex("(backend_id, date, type_code, code, business_id, is_signed)")

    @api.depends("answer", "business_id")
    def _compute_display_name(self):
        for refusal in self:
            refusal.display_name = f"{refusal.business_id} {refusal.answer}".strip()

    @api.model
    def _note(self, refusal, backend_code, type_code, address):
        """Count ``refusal`` (``tools.reply.Refused``), which is answered whether it can be counted or not."""
        if not refusing.is_counted(refusal):
            return
        times = 1
        if not refusal.known:  # anybody can cause these: one transaction a minute of this process
            what = self.env.cr.dbname, line(address), backend_code, refusal.name
            repeated = UNSIGNED.repeated(what, time.monotonic())
            if repeated is None:
                return
            times += repeated
        try:
            pump.transaction(self.env.registry, lambda env: env[self._name]._count(
                refusal, backend_code, type_code[:100].replace("\0", "�"), times))
        except Exception:  # also what no column holds: the answer stays what it is
            _logger.exception("A refused message of %s could not be counted", backend_code)

    @api.model
    def _count(self, refusal, backend_code, type_code, times):
        backend = self.env["ctsp.exchange.backend"]._by_code(backend_code)
        if not backend:
            return
        kind, known, now = self._kind(backend, type_code), refusal.known, moment.now()
        self._add(self._within_bounds({
            "backend_id": backend.id, "type_id": kind.id or None, "is_signed": bool(known),
            "type_code": type_code if known else kind.code or "", "business_id": known.business_id if known else "",
            "key": known.key if known else None, "code": refusal.code, "answer": refusing.answer(refusal),
            "is_content": refusing.is_content(refusal), "reason": refusing.reason(refusal), "times": times,
            "date": clock.today(), "first_at": now, "last_at": now}, kind))

    @api.model
    def _kind(self, backend, code):
        """Return the type of received messages that ``code`` names, if it names one."""
        return backend.with_context(active_test=False).type_ids.filtered(
            lambda one: (one.direction, one.code) == ("in", code))[:1]

    @api.model
    def _within_bounds(self, row, kind):
        """Return ``row``, without what the sender named where too many rows name something already."""
        self.env.cr.execute(SQL(
            """SELECT count(*), coalesce(bool_or((type_code, code, business_id, is_signed) = (%s, %s, %s, %s)), FALSE)
                 FROM ctsp_exchange_refusal WHERE backend_id = %s AND date = %s""",
            row["type_code"], row["code"], row["business_id"], row["is_signed"], row["backend_id"], row["date"]))
        rows, is_there = self.env.cr.fetchone()
        return row if is_there or rows < MOST else row | {"business_id": "", "type_code": kind.code or ""}

    @api.model
    def _add(self, row):
        columns = SQL(", ").join(map(SQL.identifier, row))
        values = SQL(", ").join(SQL("%s", value) for value in row.values())
        same = SQL(", ").join(map(SQL.identifier, SAME))
        self.env.cr.execute(SQL(
            """INSERT INTO ctsp_exchange_refusal AS r (%s) VALUES (%s) ON CONFLICT (%s) DO UPDATE
               SET times = r.times + EXCLUDED.times, last_at = EXCLUDED.last_at, reason = EXCLUDED.reason,
                   key = EXCLUDED.key""", columns, values, same), log_exceptions=False)
        self.invalidate_model()

    def action_messages(self):
        """Show what was accepted about the same business object."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ctsp_exchange.ctsp_exchange_message_action")
        return action | {"domain": [("business_id", "=", self.business_id)], "context": {},
                         "display_name": self.business_id}

    @api.autovacuum
    def _gc_old(self):
        self.env.cr.execute(SQL(
            "DELETE FROM ctsp_exchange_refusal WHERE last_at < %s", moment.now() - timedelta(days=KEEP_DAYS)))

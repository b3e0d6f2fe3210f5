from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.ctsp_base.tools import clock

from ..tools import moment, reconciling
from ..tools.outgoing import Outgoing

CODE = "reconcile"
AGAIN_DAYS = 7  # days whose differences are looked at every night
CHINA = ZoneInfo("Asia/Shanghai")
SENDERS = {"out": "platform", "in": "system"}


class ExchangeReconciliation(models.Model):
    """What both sides say of one message type and one day: how many messages, and one digest over all of them.

    The question and its answer travel as messages of type ``reconcile`` (docs/exchange.md); where digests differ, both
    lists are compared, and each difference is a row that people deal with.
    """

    _name = "ctsp.exchange.reconciliation"
    _description = "Reconciliation with Another System"
    _inherit = ["ctsp.export.mixin"]
    _order = "date desc, backend_id, type_id, id desc"
    _rec_name = "type_id"

    type_id = fields.Many2one("ctsp.exchange.type", "Message Type", required=True, readonly=True, ondelete="cascade")
    backend_id = fields.Many2one(related="type_id.backend_id", string="System", store=True, index=True)
    direction = fields.Selection(related="type_id.direction", store=True)
    date = fields.Date("Day", required=True, readonly=True)
    state = fields.Selection(
        [("asked", "Asked"), ("agreed", "Agreed"), ("differs", "Differs"), ("failed", "No Usable Answer")],
        required=True, readonly=True, default="asked", index=True)
    own_count = fields.Integer("Here", readonly=True, aggregator="sum")
    their_count = fields.Integer("There", readonly=True, aggregator="sum")
    own_digest = fields.Char("Digest Here", readonly=True)
    their_digest = fields.Char("Digest There", readonly=True)
    asked_at = fields.Datetime("Asked At", readonly=True)
    answered_at = fields.Datetime("Answered At", readonly=True)
    reason = fields.Text(readonly=True)
    message_id = fields.Many2one(
        "ctsp.exchange.message", "Question", readonly=True, index="btree_not_null", ondelete="set null")
    difference_ids = fields.One2many("ctsp.exchange.difference", "reconciliation_id", "Differences", readonly=True)
    open_count = fields.Integer("Open Differences", readonly=True, aggregator="sum")

    _day_unique = models.UniqueIndex("(date, type_id)")

    # ---- asking

    @api.model
    def _cron_reconcile(self):
        """Every night: yesterday, and the days of the last week that still differ."""
        today = clock.today()
        for backend in self.env["ctsp.exchange.backend"].search([("state", "=", "active"), ("url", "!=", False)]):
            late = self.search([
                ("backend_id", "=", backend.id), ("state", "!=", "agreed"),
                ("date", ">=", today - timedelta(days=AGAIN_DAYS)), ("date", "<", today)])
            for day in {today - timedelta(days=1), *late.mapped("date")}:
                self._ask(backend, day)

    @api.model
    def _ask(self, backend, day):
        """Ask ``backend`` about ``day``; return the rows, none where it knows no reconciliation."""
        kinds = backend.type_ids.filtered(lambda kind: kind.active and kind.code != CODE)
        start, end = _bounds(day)
        message = self.env["ctsp.exchange.message"]._send(CODE, backend.code, Outgoing(day.isoformat(), {
            "step": "count", "from": moment.milliseconds(start), "to": moment.milliseconds(end),
            "types": [{"type": kind.code, "sentBy": SENDERS[kind.direction]} for kind in kinds]}))
        if not message:
            return self.browse()
        rows = self.sudo().search([("type_id", "in", kinds.ids), ("date", "=", day)])  # sudo: the engine's rows
        rows |= rows.create([{"type_id": kind.id, "date": day} for kind in kinds - rows.type_id])
        rows.write({"state": "asked", "message_id": message.id, "asked_at": message.created_at, "reason": False,
                    "answered_at": False})
        return rows.with_env(self.env)

    # ---- our side

    def _items(self, before, after=None, last=None):
        """Yield ``(business number, version, digest)`` of our messages, in order.

        :param before: what was dealt with later than this is left out: the other side could not know it
        :param after, last: bounds of the (business number, version): above the one, up to the other
        """
        self.env.flush_all()
        start, end = _bounds(self.date)
        settled = SQL("m.state = 'done' AND m.done_at < %s", before) if self.direction == "out" else SQL(
            "m.created_at < %s", before)
        key = SQL('(m.business_id COLLATE "C", m.version)')
        self.env.cr.execute(SQL(
            """SELECT m.business_id, m.version, m.digest FROM ctsp_exchange_message m
                WHERE m.type_id = %s AND m.sent_at >= %s AND m.sent_at < %s AND %s AND %s AND %s
                ORDER BY m.business_id COLLATE "C", m.version""", self.type_id.id, start, end, settled,
            SQL("%s > (%s, %s)", key, *after) if after else SQL("TRUE"),
            SQL("%s <= (%s, %s)", key, *last) if last else SQL("TRUE")))
        yield from self.env.cr.fetchall()

    # ---- what they answered

    def _counted(self, before, said):
        """Compare counts and digests; ask for the list where they differ."""
        theirs = {(one["type"], one["sentBy"]): one for one in said["types"]}
        for row in self:
            answer = theirs.get((row.type_id.code, SENDERS[row.direction]))
            if not answer:
                row._failed(self.env._("The answer says nothing of this message type."))
                continue
            count, digest = reconciling.digest(row._items(before))
            row.write({"own_count": count, "own_digest": digest, "their_count": answer["count"],
                       "their_digest": answer["digest"], "answered_at": fields.Datetime.now()})
            if (count, digest) == (answer["count"], answer["digest"]):
                row._concluded()
            else:
                row._ask_list(None)

    def _ask_list(self, after):
        start, end = _bounds(self.date)
        data = {"step": "list", "from": moment.milliseconds(start), "to": moment.milliseconds(end),
                "type": self.type_id.code, "sentBy": SENDERS[self.direction]}
        if after:
            data["after"] = list(after)
        self.message_id = self.env["ctsp.exchange.message"]._send(
            CODE, self.backend_id.code, Outgoing(f"{self.date} {self.type_id.code}", data))

    def _failed(self, reason):
        self.write({"state": "failed", "reason": reason, "answered_at": fields.Datetime.now()})

    def _concluded(self):
        """All was compared: what differed before and was not found again is settled."""
        for row in self:
            left = row.difference_ids.filtered(lambda one: one.state in ("open", "repaired"))
            left.filtered(lambda one, asked=row.asked_at: one.found_at < asked).state = "settled"
            row._count_open()

    def _count_open(self):
        """Follow the differences; have data stewards told while some are open."""
        for row in self:
            left = row.difference_ids.filtered(lambda one: one.state in ("open", "repaired"))
            row.open_count = len(left)
            row.state = "differs" if left else "agreed"
        alerts = self.env["ctsp.risk.alert"]
        for backend in self.backend_id:
            key = f"exchange:differences:{backend.id}"
            count = self.env["ctsp.exchange.difference"].search_count(
                [("backend_id", "=", backend.id), ("state", "=", "open")])
            if count:
                alerts._raise([{
                    "key": key, "record": backend, "level": "warning", "source": "exchange",
                    "role_id": self.env.ref("ctsp_base.group_data_steward").id,
                    "name": self.env._("Reconciliation with “%(system)s” found differences", system=backend.name)}])
            else:
                alerts._resolve([key])

    # ---- screen

    def action_again(self):
        """Ask about the same days again."""
        self.env["ctsp.exchange.difference"]._check_steward()
        self.check_access("read")
        for backend, day in {(row.backend_id, row.date) for row in self}:
            self._ask(backend, day)
        return True


def _bounds(day: date) -> tuple[datetime, datetime]:
    """Return when a day in China begins and ends, as naive UTC."""
    start = datetime.combine(day, time(), CHINA).astimezone(UTC).replace(tzinfo=None)
    return start, start + timedelta(days=1)

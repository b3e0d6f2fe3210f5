from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_base.tools.language import in_record_language

from ..tools import moment, reconciling
from ..tools.outgoing import Outgoing

CODE = "reconcile"
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
    is_unanswered = fields.Boolean(readonly=True, help="The last question that ended got no usable answer.")
    open_count = fields.Integer("Open Differences", readonly=True, aggregator="sum")

    _day_unique = models.UniqueIndex("(date, type_id)")

    # ---- asking

    @api.model
    def _cron_reconcile(self):
        """Every night: yesterday, and which of the days before it is due (parameter ``exchange.reconcile_days``)."""
        yesterday = clock.today() - timedelta(days=1)
        number = max(self.env["ctsp.parameter"]._get("exchange.reconcile_days"), 1)
        days = {yesterday - timedelta(days=back) for back in range(number)}
        for backend in self.env["ctsp.exchange.backend"].search([("state", "=", "active"), ("url", "!=", False)]):
            for day in sorted({yesterday} | self._due(backend, days)):
                self._ask(backend, day)

    @api.model
    def _due(self, backend, days):
        """Return which of ``days`` were never asked, did not agree, or got a message since they were asked."""
        kinds = self._kinds(backend)
        rows = self.search([("type_id", "in", kinds.ids), ("date", "in", list(days))])
        agreed = rows.filtered(lambda row: row.state == "agreed")
        good = {day for day in days if len(agreed.filtered(lambda row, day=day: row.date == day)) == len(kinds)}
        return (days - good) | set(agreed._late().mapped("date"))

    def _late(self):
        """Return the rows of whose day a message was accepted, or came in, after they were asked."""
        self.env.flush_all()
        self.env.cr.execute(SQL(
            """SELECT r.id FROM ctsp_exchange_reconciliation r WHERE r.id IN %s AND EXISTS (
                      SELECT FROM ctsp_exchange_message m
                       WHERE m.type_id = r.type_id
                         AND m.sent_at >= r.date::timestamp AT TIME ZONE %s AT TIME ZONE 'UTC'
                         AND m.sent_at < (r.date + 1)::timestamp AT TIME ZONE %s AT TIME ZONE 'UTC'
                         AND CASE m.direction WHEN 'in' THEN m.created_at >= r.asked_at
                             ELSE m.state = 'done' AND m.done_at >= r.asked_at END)""",
            tuple(self.ids or [0]), CHINA.key, CHINA.key))
        return self.browse([row[0] for row in self.env.cr.fetchall()])

    @api.model
    def _kinds(self, backend):
        return backend.type_ids.filtered(lambda kind: kind.active and kind.code != CODE)

    @api.model
    def _ask(self, backend, day):
        """Ask ``backend`` about ``day``; return the rows, none where it knows no reconciliation."""
        kinds = self._kinds(backend)
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
        self.write({"state": "failed", "is_unanswered": True, "reason": reason,
                    "answered_at": fields.Datetime.now()})
        self._tell()

    def _concluded(self):
        """All was compared: what differed before and was not found again is settled."""
        for row in self:
            left = row.difference_ids.filtered(lambda one: one.state in ("open", "repaired"))
            left.filtered(lambda one, asked=row.asked_at: one.found_at < asked).state = "settled"
            row._count_open()

    def _count_open(self):
        """Follow the differences."""
        for row in self:
            left = row.difference_ids.filtered(lambda one: one.state in ("open", "repaired"))
            row.open_count = len(left)
            row.write({"state": "differs" if left else "agreed", "is_unanswered": False})
        self._tell()

    def _tell(self):
        """Have data stewards told while differences are open, and while a day stands without a usable answer."""
        alerts = self.env["ctsp.risk.alert"]
        for backend in in_record_language(self).backend_id:
            differences = self.env["ctsp.exchange.difference"].search_count(
                [("backend_id", "=", backend.id), ("state", "=", "open")])
            days = self._read_group(
                [("backend_id", "=", backend.id), ("type_id.active", "=", True), ("is_unanswered", "=", True)],
                ["date:day"])
            for kind, is_so, text in (
                ("differences", differences, backend.env._(
                    "Reconciliation with “%(system)s” found differences", system=backend.name)),
                ("unanswered", days, backend.env._(
                    "Reconciliation with “%(system)s” got no usable answer (%(days)s days)", system=backend.name,
                    days=len(days))),
            ):
                key = f"exchange:{kind}:{backend.id}"
                if is_so:
                    self.env["ctsp.exchange.nonce"]._take_turn(key)  # answers come at the same time
                    alerts._tell_stewards([{"key": key, "record": backend, "name": text}])
                else:
                    alerts._resolve([key])

    # ---- screen

    def action_days(self):
        """Open the dialog that asks about any days."""
        self.env["ctsp.exchange.difference"]._check_steward()
        return {
            "type": "ir.actions.act_window", "res_model": "ctsp.exchange.reconciliation.ask", "target": "new",
            "name": self.env._("Reconcile Days"), "views": [(False, "form")]}

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

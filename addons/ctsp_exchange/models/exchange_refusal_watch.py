from collections import defaultdict
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from odoo.addons.ctsp_base.tools.language import in_record_language

from ..tools import moment

KEY = "exchange:refused:"
QUIET = timedelta(days=1)


class ExchangeRefusalWatch(models.AbstractModel):
    """Tells data stewards that a known system is refused for what it sends: once, until a message of that type is
    accepted or nothing was refused for a day."""

    _inherit = "ctsp.exchange.watch"

    @api.model
    def _cron_watch(self):
        super()._cron_watch()
        alerts, raised = self.env["ctsp.risk.alert"], in_record_language(self)._refusals()
        alerts._resolve(alerts._exchange_keys("refused") - {row["key"] for row in raised})
        alerts._tell_stewards(self._not_closed_since(raised))

    @api.model
    def _refusals(self):
        """Return the alerts about what was refused lately, with nothing of its type accepted since."""
        latest = defaultdict(self.env["ctsp.exchange.refusal"].browse)
        for refusal in self.env["ctsp.exchange.refusal"].search([
                ("is_content", "=", True), ("last_at", ">", moment.now() - QUIET)]):
            latest[refusal.backend_id, refusal.type_id] |= refusal
        return [{
            "key": f"{KEY}{backend.id}:{kind.id or 0}", "record": found[0],
            "name": self._refusal_text(backend, kind, found)}
            for (backend, kind), found in latest.items() if not self._accepted_since(kind, found[0].last_at)]

    @api.model
    def _refusal_text(self, backend, kind, found):
        last = found[0]
        local = fields.Datetime.context_timestamp(self.with_context(tz="Asia/Shanghai"), last.last_at)
        return self.env._(
            "%(name)s: what the other system sends is refused (%(answer)s, %(count)s times, last at %(moment)s)",
            name=f"{backend.name} · {kind.name or last.type_code or '—'}", answer=last.answer,
            count=sum(found.mapped("times")), moment=f"{local:%Y-%m-%d %H:%M}")

    @api.model
    def _accepted_since(self, kind, date):
        """Return whether a message of ``kind`` was accepted after ``date``; domains know no part of a second."""
        self.env.cr.execute(SQL(
            """SELECT EXISTS (SELECT FROM ctsp_exchange_try t JOIN ctsp_exchange_message m ON m.id = t.message_id
                               WHERE t.date > %s AND t.outcome IN ('received', 'again') AND m.type_id = %s)""",
            date, kind.id or None))
        return self.env.cr.fetchone()[0]

    @api.model
    def _not_closed_since(self, rows):
        """Leave out what somebody closed after the last refusal: he dealt with it."""
        closed = self.env["ctsp.risk.alert"].search([
            ("dedup_key", "in", [row["key"] for row in rows]), ("state", "=", "closed"),
            ("closed_by", "!=", SUPERUSER_ID)])
        ends = defaultdict(lambda: moment.now() - 2 * QUIET)
        for alert in closed:
            ends[alert.dedup_key] = max(ends[alert.dedup_key], alert.closed_at)
        return [row for row in rows if row["record"].last_at.replace(microsecond=0) > ends[row["key"]]]

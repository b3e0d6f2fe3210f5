from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_base.tools.language import in_record_language

FEWEST = 10  # tries that a failure rate means something
WATCHED = ("old", "dead", "failed_there", "errors", "key")  # kinds of alerts that are told here
LINES = ("line", "differences", "unanswered")  # of those that are told of a system, by whoever notices


class ExchangeWatch(models.AbstractModel):
    """Tells data stewards of old queues, dead letters, failures, and keys that will end: once, until it is over."""

    _name = "ctsp.exchange.watch"
    _description = "Watch over Queues"

    @api.model
    def _cron_watch(self):
        alerts = self.env["ctsp.risk.alert"]
        told = in_record_language(self)
        raised = [*told._queues(), *told._keys()]
        alerts._tell_stewards(raised)
        over = alerts._exchange_keys(*WATCHED) - {row["key"] for row in raised}
        used = self.env["ctsp.exchange.backend"].search([])
        gone = alerts._exchange_keys(*LINES) - {f"exchange:{kind}:{one.id}" for kind in LINES for one in used}
        alerts._resolve(over | gone)

    @api.model
    def _queues(self):
        """Return what is to be told of messages that wait or fail, of types and systems in use."""
        parameter = self.env["ctsp.parameter"]._get
        oldest = 60 * parameter("exchange.alert_old_minutes")
        share = parameter("exchange.alert_error_percent") / 100
        raised = []
        for gauge in self.env["ctsp.exchange.gauge"].search([]):
            kind = gauge.type_id
            name = f"{kind.backend_id.name} · {kind.name}"
            for what, is_so, text in (
                ("old", gauge.oldest_seconds > oldest and kind.backend_id.state == "active",
                 self.env._("%(name)s: the oldest message has waited for %(minutes)s minutes", name=name,
                            minutes=gauge.oldest_seconds // 60)),
                ("dead", gauge.dead, self.env._("%(name)s: there are dead letters (%(count)s)", name=name,
                                                count=gauge.dead)),
                ("failed_there", gauge.failed_there, self.env._(
                    "%(name)s: delivered, but the receiver could not apply it (%(count)s)", name=name,
                    count=gauge.failed_there)),
                ("errors", gauge.tried >= FEWEST and gauge.error_rate > share,
                 self.env._("%(name)s: %(percent)s %% of the tries in 24 hours failed", name=name,
                            percent=round(100 * gauge.error_rate))),
            ):
                if is_so:
                    raised.append({"key": f"exchange:{what}:{kind.id}", "record": kind, "name": text})
        return raised

    @api.model
    def _keys(self):
        """Return what is to be told of keys that end soon and were not replaced: on that day the line is cut."""
        now = fields.Datetime.now()
        limit = now + timedelta(days=self.env["ctsp.parameter"]._get("exchange.key_warn_days"))
        raised = []
        for one in self.env["ctsp.exchange.credential"].search([("date_end", "!=", False)]):
            whose = one.backend_id or one.partner_id
            unused = one.backend_id and not one.backend_id.active
            if one.successor_id or unused or not now < one.date_end < limit:
                continue
            day = clock.local_date(one.date_end)
            one._tell_end(day)
            raised.append({
                "key": f"exchange:key:{one.id}", "record": whose, "date_deadline": day, "name": self.env._(
                    "Interface key %(key)s of “%(whose)s” ends on %(day)s: have the security administrator replace it",
                    key=one.key, whose=whose.display_name or one.note or "–", day=day)})
        return raised

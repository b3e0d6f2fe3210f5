from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.ctsp_base.tools import clock

FEWEST = 10  # tries that a failure rate means something


class ExchangeWatch(models.AbstractModel):
    """Tells data stewards of old queues, dead letters, failures, and keys that will end: once, until it is over."""

    _name = "ctsp.exchange.watch"
    _description = "Watch over Queues"

    @api.model
    def _cron_watch(self):
        alerts = self.env["ctsp.risk.alert"]
        for raised, over in (self._queues(), self._keys()):
            alerts._raise(raised)
            alerts._resolve(over)

    @api.model
    def _queues(self):
        """Return ``(alerts, keys of those that are over)`` about what waits and what fails."""
        parameter = self.env["ctsp.parameter"]._get
        oldest = 60 * parameter("exchange.alert_old_minutes")
        share = parameter("exchange.alert_error_percent") / 100
        raised, over = [], []
        for gauge in self.env["ctsp.exchange.gauge"].search([]):
            kind = gauge.type_id
            name = f"{kind.backend_id.name} · {kind.name}"
            for what, is_so, text in (
                ("old", gauge.oldest_seconds > oldest and kind.backend_id.state == "active",
                 self.env._("%(name)s: the oldest message has waited for %(minutes)s minutes", name=name,
                            minutes=gauge.oldest_seconds // 60)),
                ("dead", gauge.dead, self.env._("%(name)s: there are dead letters (%(count)s)", name=name,
                                                count=gauge.dead)),
                ("errors", gauge.tried >= FEWEST and gauge.error_rate > share,
                 self.env._("%(name)s: %(percent)s %% of the tries in 24 hours failed", name=name,
                            percent=round(100 * gauge.error_rate))),
            ):
                key = f"exchange:{what}:{kind.id}"
                if is_so:
                    raised.append({
                        "key": key, "record": kind, "name": text, "source": "exchange", "level": "warning",
                        "role_id": self.env.ref("ctsp_base.group_data_steward").id})
                else:
                    over.append(key)
        return raised, over

    @api.model
    def _keys(self):
        """Return the same about interface keys that end soon and were not replaced: on that day the line is cut."""
        now = fields.Datetime.now()
        limit = now + timedelta(days=self.env["ctsp.parameter"]._get("exchange.key_warn_days"))
        raised, over = [], []
        for one in self.env["ctsp.exchange.credential"].search([("date_end", "!=", False)]):
            key, whose = f"exchange:key:{one.id}", one.backend_id or one.partner_id
            if one.successor_id or not now < one.date_end < limit:
                over.append(key)
                continue
            day = clock.local_date(one.date_end)
            one._tell_end(day)
            raised.append({
                "key": key, "record": whose, "source": "exchange", "level": "warning", "date_deadline": day,
                "role_id": self.env.ref("ctsp_base.group_data_steward").id, "name": self.env._(
                    "Interface key %(key)s of “%(whose)s” ends on %(day)s: have the security administrator replace it",
                    key=one.key, whose=whose.display_name or one.note or "–", day=day)})
        return raised, over

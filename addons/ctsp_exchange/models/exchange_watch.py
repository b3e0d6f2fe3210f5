from odoo import api, models

FEWEST = 10  # tries that a failure rate means something


class ExchangeWatch(models.AbstractModel):
    """Tells data stewards when a queue grows old, dead letters lie about or too much fails: once, until it is over."""

    _name = "ctsp.exchange.watch"
    _description = "Watch over Queues"

    @api.model
    def _cron_watch(self):
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
        alerts = self.env["ctsp.risk.alert"]
        alerts._raise(raised)
        alerts._resolve(over)

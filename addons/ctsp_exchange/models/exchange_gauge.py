from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.receipts import FAILED_BY_TYPE

NOTHING = "—"


class ExchangeGauge(models.Model):
    """How each message type of each system is doing now: what waits, how old, how much fails, how long it takes."""

    _name = "ctsp.exchange.gauge"
    _description = "Exchange at a Glance"
    _auto = False
    _order = "dead desc, oldest_seconds desc, backend_id, type_id"

    backend_id = fields.Many2one("ctsp.exchange.backend", "System", readonly=True)
    type_id = fields.Many2one("ctsp.exchange.type", "Message Type", readonly=True)
    direction = fields.Selection([("in", "Received"), ("out", "Sent")], readonly=True)
    waiting = fields.Integer(readonly=True, aggregator="sum")
    oldest_seconds = fields.Integer("Oldest Waits (Seconds)", readonly=True, aggregator="max")
    dead = fields.Integer("Dead Letters", readonly=True, aggregator="sum")
    failed_there = fields.Integer("Failed There", readonly=True, aggregator="sum")
    done = fields.Integer("Done in 24 Hours", readonly=True, aggregator="sum")
    tried = fields.Integer("Tries in 24 Hours", readonly=True, aggregator="sum")
    failed = fields.Integer("Failed Tries in 24 Hours", readonly=True, aggregator="sum")
    error_rate = fields.Float("Failure Rate", readonly=True, aggregator="avg")
    latency_50 = fields.Float("Median (Seconds)", readonly=True, digits=(12, 2), aggregator="avg")
    latency_95 = fields.Float("95 % Within (Seconds)", readonly=True, digits=(12, 2), aggregator="avg")

    # as they are shown: nothing was measured where nothing was done
    error_text = fields.Char("Failure Rate as Shown", compute="_compute_texts")
    latency_50_text = fields.Char("Median as Shown", compute="_compute_texts")
    latency_95_text = fields.Char("95 % Within as Shown", compute="_compute_texts")

    @api.depends("tried", "error_rate", "done", "latency_50", "latency_95")
    def _compute_texts(self):
        for gauge in self:
            gauge.error_text = f"{gauge.error_rate:.0%}" if gauge.tried else NOTHING
            gauge.latency_50_text = f"{gauge.latency_50:.2f}" if gauge.done else NOTHING
            gauge.latency_95_text = f"{gauge.latency_95:.2f}" if gauge.done else NOTHING

    @property
    def _table_query(self):
        return SQL("""
            WITH open AS (
                SELECT type_id, count(*) FILTER (WHERE state IN ('queued', 'working')) AS waiting,
                       min(created_at) FILTER (WHERE state IN ('queued', 'working')) AS oldest,
                       count(*) FILTER (WHERE state = 'dead') AS dead
                  FROM ctsp_exchange_message WHERE state IN ('queued', 'working', 'dead') GROUP BY type_id
            ), refused AS (%s), closed AS (
                SELECT type_id, count(*) AS done,
                       percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS latency_50,
                       percentile_cont(0.95) WITHIN GROUP (ORDER BY seconds) AS latency_95
                  FROM ctsp_exchange_message
                 WHERE created_at > now() AT TIME ZONE 'UTC' - interval '24 hours' AND state = 'done' GROUP BY type_id
            ), tried AS (
                SELECT m.type_id, count(*) AS tried, count(*) FILTER (WHERE t.outcome <> 'ok') AS failed
                  FROM ctsp_exchange_try t JOIN ctsp_exchange_message m ON m.id = t.message_id
                 WHERE t.date > now() AT TIME ZONE 'UTC' - interval '24 hours'
                   AND t.outcome IN ('ok', 'retry', 'line', 'final', 'died') GROUP BY m.type_id
            )
            SELECT k.id, k.id AS type_id, k.backend_id, k.direction, coalesce(open.waiting, 0) AS waiting,
                   coalesce(extract(epoch FROM now() AT TIME ZONE 'UTC' - open.oldest), 0)::integer AS oldest_seconds,
                   coalesce(open.dead, 0) AS dead, coalesce(refused.failed_there, 0) AS failed_there,
                   coalesce(closed.done, 0) AS done, coalesce(tried.tried, 0) AS tried,
                   coalesce(tried.failed, 0) AS failed,
                   coalesce(tried.failed::numeric / nullif(tried.tried, 0), 0) AS error_rate,
                   coalesce(closed.latency_50, 0) AS latency_50, coalesce(closed.latency_95, 0) AS latency_95
              FROM ctsp_exchange_type k
              JOIN ctsp_exchange_backend b ON b.id = k.backend_id
              LEFT JOIN open ON open.type_id = k.id LEFT JOIN closed ON closed.type_id = k.id
              LEFT JOIN tried ON tried.type_id = k.id
              LEFT JOIN refused ON refused.type_id = k.id
             WHERE k.active AND b.active
        """, FAILED_BY_TYPE)

    def action_messages(self):
        """Show the messages of this type that are not done, or failed at the other side."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ctsp_exchange.ctsp_exchange_message_action")
        return action | {
            "domain": [("type_id", "=", self.type_id.id)], "display_name": self.type_id.display_name,
            "context": {"search_default_open": 1, "search_default_failed_there": 1}}

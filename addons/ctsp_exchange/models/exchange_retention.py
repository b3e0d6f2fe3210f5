from datetime import timedelta

from odoo import api, models

from ..tools import moment

BATCH = 1000


class ExchangeRetention(models.Model):
    """What stays of old messages: identity, digest, times and steps; their content goes (``exchange.keep_days``)."""

    _inherit = "ctsp.exchange.message"

    _content_idx = models.Index("(done_at) WHERE archived_at IS NULL")

    @api.autovacuum
    def _gc_contents(self):
        """Remove contents of finished messages; return what Odoo asks of a vacuum: done, and whether more is left."""
        now = moment.now()
        days = self.env["ctsp.parameter"]._get("exchange.keep_days")
        old = self.search([
            ("state", "in", ("done", "superseded", "cancelled")), ("done_at", "<", now - timedelta(days=days)),
            ("archived_at", "=", False)], limit=BATCH)
        old.write({"payload": False, "original": False, "archived_at": now})
        return len(old), len(old) == BATCH

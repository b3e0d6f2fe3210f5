from odoo import api, fields, models

from odoo.addons.ctsp_exchange.tools import hosts


class ExchangeBackend(models.Model):
    """An institution's address for callbacks is a system of its own: its own queue, breaker, pace and letters."""

    _inherit = "ctsp.exchange.backend"

    webhook_id = fields.Many2one("ctsp.dataset.webhook", readonly=True, index="btree_not_null", ondelete="cascade")

    def _allowed_hosts(self):
        return self._public_hosts() if self.webhook_id else super()._allowed_hosts()

    @api.model
    def _public_hosts(self):
        """Anywhere in the open Internet, nowhere inside; this host in development only."""
        return frozenset({hosts.PUBLIC}) | (hosts.configured() & {"loopback"})

    def _address(self, path):
        return hosts.check(self.url, self._allowed_hosts()) if self.webhook_id else super()._address(path)

    def _ask_options(self):
        return {"public": True, "plain": True} if self.webhook_id else super()._ask_options()

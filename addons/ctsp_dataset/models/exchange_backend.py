from odoo import api, fields, models

from odoo.addons.ctsp_exchange.models.exchange_backend import PROTECTED
from odoo.addons.ctsp_exchange.tools import hosts


class ExchangeBackend(models.Model):
    """An institution's address for callbacks is a system of its own: its own queue, breaker, pace and letters."""

    _inherit = "ctsp.exchange.backend"
    _integrity_fields = {1: PROTECTED, 2: (*PROTECTED, "webhook_id", "is_switched_off")}

    webhook_id = fields.Many2one("ctsp.dataset.webhook", readonly=True, index="btree_not_null", ondelete="cascade")
    is_switched_off = fields.Boolean(
        readonly=True, copy=False, help="The institution switched its address off; nobody of the regulator paused it.")

    def _switch(self, on):
        """The institution switches its address on or off. What the regulator paused stays so whatever it does."""
        for backend in self:
            if not on and backend.state == "active":
                backend.write({"state": "paused", "is_switched_off": True})
            elif on and backend.is_switched_off:
                backend.write({"state": "active", "is_switched_off": False})

    def action_pause(self):
        """Paused by the regulator, from now on, even where the institution had switched it off before."""
        done = super().action_pause()
        self.is_switched_off = False
        return done

    def action_resume(self):
        """Not where the institution has switched its address off: that is its own to switch on."""
        off = self.filtered(lambda one: one.webhook_id and not one.webhook_id.active)
        off.check_access("write")
        off.is_switched_off = True
        return super(ExchangeBackend, self - off).action_resume()

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

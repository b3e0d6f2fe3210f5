from odoo import models


class IrWebsocket(models.AbstractModel):
    """Live notifications: share users hear what is meant for themselves, whatever channels they ask for."""

    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        if self.env.user._is_portal():
            return ["broadcast", self.env.user.partner_id]
        return super()._build_bus_channel_list(channels)

from odoo import models


class IrWebsocket(models.AbstractModel):
    """Live notifications: share users listen to their own channels only."""

    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        if not self.env.user._is_internal():
            channels = []  # whatever the client asks for; its own channel is added by the server
        return super()._build_bus_channel_list(channels)

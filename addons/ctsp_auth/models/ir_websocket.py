from odoo import models
from odoo.http import SessionExpiredException

from odoo.addons.bus.websocket import wsrequest


class IrWebsocket(models.AbstractModel):
    """Live notifications stop with the session; listening to them is no activity."""

    _inherit = "ir.websocket"

    @classmethod
    def _authenticate(cls):
        super()._authenticate()
        session = wsrequest.session
        if session.uid is not None and not wsrequest.env["ctsp.auth.session"]._is_alive(session):
            session.logout(keep_db=True)
            raise SessionExpiredException("Session expired")

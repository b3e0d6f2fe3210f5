from odoo import api, models
from odoo.http import request


class IrHttp(models.AbstractModel):
    """Each request of a signed-in person asks whether his session still goes on."""

    _inherit = "ir.http"

    @classmethod
    def _authenticate_explicit(cls, auth):
        super()._authenticate_explicit(auth)
        session = request.session
        if session.uid is None or request.env["ctsp.auth.session"]._is_alive(session, request):
            return
        session.logout(keep_db=True)
        request.env = api.Environment(request.env.cr, None, session.context)
        request.env.transaction.default_env = request.env
        getattr(cls, f"_auth_method_{auth}")()  # public pages go on for a visitor, others say that the session ended

    @classmethod
    def _present_session(cls):
        return request.session if request else None

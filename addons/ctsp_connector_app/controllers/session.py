from odoo import http
from odoo.http import request

from odoo.addons.ctsp_auth.controllers.session import AuthSessionController
from odoo.addons.ctsp_auth.models.auth_session import METHOD as SESSION_METHOD

from ..models.app_person import METHOD


class AppSession(AuthSessionController):
    """Whoever came from the APP goes back to it when he signs out."""

    @http.route()
    def logout(self, redirect="/odoo"):
        came = (request.session.get(SESSION_METHOD) or "").partition("+")[0] == METHOD
        response = super().logout(redirect)
        return request.redirect("/ctsp/app/closed", 303) if came else response

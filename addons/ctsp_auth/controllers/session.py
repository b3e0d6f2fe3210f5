from odoo import http
from odoo.http import request
from odoo.tools import SQL

from odoo.addons.ctsp_base.tools.digest import sm3
from odoo.addons.web.controllers.session import Session

from ..models.auth_session import TOKEN


class AuthSessionController(Session):
    """Signing out ends the session's row, too."""

    @http.route()
    def destroy(self):
        _end()
        return super().destroy()

    @http.route()
    def logout(self, redirect="/odoo"):
        _end()
        return super().logout(redirect)


def _end():
    token = request.session.get(TOKEN)
    if request.db and token:
        request.env["ctsp.auth.session"]._finish(SQL("token = %s", sm3(token.encode())), "logout")

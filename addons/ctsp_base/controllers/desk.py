from odoo import http
from odoo.exceptions import AccessDenied, UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.web import Home

DESK = "/my/desk"


class Desk(http.Controller):
    """The outside desk: ordinary Odoo screens for share users in a client of its own."""

    @http.route([DESK, f"{DESK}/<path:subpath>"], type="http", auth="user", methods=["GET"])
    def desk(self, subpath=None):
        """Serve the page; internal users work at /odoo. The path is read by the client's router."""
        if request.env.user._is_internal():
            return request.redirect("/odoo")
        response = request.render("ctsp_base.desk_page", {"session_info": request.env["ctsp.desk"]._session_info()})
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Content-Security-Policy"] = "frame-ancestors 'none'"
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    @http.route("/ctsp/desk/home", type="jsonrpc", auth="user", methods=["POST"])
    def home(self):
        """Return the cards and due dates of the first page."""
        return request.env["ctsp.desk"]._home()

    @http.route("/ctsp/desk/password", type="jsonrpc", auth="user", methods=["POST"])
    def password(self, old, new):
        """Change the user's own password; the session stays open.

        :raise UserError: the old one is wrong, the new one is refused
        """
        try:
            request.env["res.users"].change_password(old, new.strip())
        except AccessDenied as error:
            raise UserError(request.env._("The present password is not right; nothing was changed.")) from error
        request.session.session_token = request.env.user._compute_session_token(request.session.sid)
        return True


class DeskPortal(CustomerPortal):
    """Odoo's portal pages give way to the desk: some of them let a portal user edit his organisation's data."""

    @http.route()
    def home(self, **kw):
        return request.redirect(DESK)


class DeskHome(Home):
    """Share users land on the desk after sign-in."""

    def _login_redirect(self, uid, redirect=None):
        redirect = super()._login_redirect(uid, redirect=redirect)
        return DESK if redirect == "/my" else redirect

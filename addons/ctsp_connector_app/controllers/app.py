from urllib.parse import urlsplit

from werkzeug.exceptions import MethodNotAllowed

from odoo import http
from odoo.exceptions import AccessDenied
from odoo.http import request
from odoo.tools import SQL

from odoo.addons.ctsp_auth.tools.local import local
from odoo.addons.web.controllers.home import Home

from ..models.app_person import METHOD
from ..tools.origins import sites

COOKIE = "ctsp_app"
"""remembers that this browser is the APP's, for the words on the sign-in page"""


class App(Home):
    """The door from the mobile supervision APP: a ticket in, the landing page out."""

    @http.route("/ctsp/app", type="http", auth="public", methods=["GET", "POST"], csrf=False, readonly=False)
    def enter(self, ticket="", target=None, **_more):
        """Sign in by ``ticket``, once, and go to ``target``, a place on this server."""
        if request.httprequest.method == "HEAD":
            raise MethodNotAllowed(["GET", "POST"])  # a preview must not use the ticket up
        try:
            self._check_origin()
            self._leave_session()
            auth_info = request.session.authenticate(
                request.env, {"type": METHOD, "login": "", "ticket": ticket[:1024] if isinstance(ticket, str) else ""})
            self._begin_session()
        except AccessDenied as refusal:
            return self._page("ctsp_connector_app.refused", 403, reason=refusal.args[0])
        landing = local(target) or local(request.env(su=True)["ctsp.parameter"]._get("app.landing")) or "/odoo"
        response = request.redirect(self._login_redirect(auth_info["uid"], redirect=landing), 303)
        response.set_cookie(
            COOKIE, "1", httponly=True, samesite="Lax", secure=request.httprequest.scheme == "https")
        return _quiet(response)

    @http.route("/ctsp/app/closed", type="http", auth="public", methods=["GET"])
    def closed(self):
        """After signing out: back to the APP."""
        return self._page("ctsp_connector_app.closed", 200)

    @http.route()
    def web_login(self, *args, **kwargs):
        response = super().web_login(*args, **kwargs)
        if response.is_qweb:
            response.qcontext["from_app"] = bool(request.httprequest.cookies.get(COOKIE))
        return response

    def _check_origin(self):
        """Refuse what another site sends here: it would sign the visitor in as somebody of its choice."""
        if request.httprequest.headers.get("Sec-Fetch-Site") not in ("cross-site", "same-site"):
            return
        came = urlsplit(request.httprequest.headers.get("Origin") or request.httprequest.referrer or "")
        origins = sites(request.env(su=True)["ctsp.parameter"]._get("app.origins"))
        if f"{came.scheme}://{came.netloc}" not in origins:
            refusal = request.env["ctsp.app.ticket"]._refused("app_origin")
            request.env["ctsp.audit.port"]._log_failure("sign_in", origin=came.netloc[:100], **refusal.detail)
            raise refusal

    def _leave_session(self):
        """End the session there is: one browser, one person."""
        if request.session.uid:
            sessions = request.env["ctsp.auth.session"].sudo()  # sudo: the visitor's own
            sessions._finish(SQL("token = %s", sessions._here()), "other")
            request.session.logout(keep_db=True)
            request.update_env(user=request.env.ref("base.public_user").id)

    def _begin_session(self):
        """Write the session's row at once: signing out in the APP a moment later finds it."""
        if request.session.uid:
            request.env["ctsp.auth.session"].sudo()._is_alive(request.session, request)  # sudo: the visitor's own

    def _page(self, template, status, **values):
        return _quiet(request.render(template, values, status=status))


def _quiet(response):
    """Nothing of it is kept, and no address with a ticket is passed on."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response

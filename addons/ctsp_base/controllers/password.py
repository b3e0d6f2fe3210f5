from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..models.ir_http_password import PAGE


class Password(http.Controller):
    """The page on which whoever signed in with a one-time password chooses his own."""

    @http.route(PAGE, type="http", auth="user", methods=["GET", "POST"])
    def change(self, password="", again=""):
        user = request.env.user
        if not user._owes_password():
            return request.redirect("/web")
        error = None
        if request.httprequest.method == "POST":
            try:
                self._change(user, password, again)
                return request.redirect("/odoo" if user._is_internal() else "/my/desk")
            except UserError as refusal:
                error = refusal.args[0]
        response = request.render("ctsp_base.password_page", {"error": error, "login": user.login})
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Frame-Options"] = "DENY"
        return response

    def _change(self, user, password, again):
        if password != again:
            raise UserError(request.env._("The new password and its repetition differ."))
        user._replace_one_time_password(password)
        request.session.session_token = user._compute_session_token(request.session.sid)  # this session stays open

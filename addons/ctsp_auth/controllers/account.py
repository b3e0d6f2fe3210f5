import base64
import io
import secrets

import qrcode
from werkzeug.urls import url_encode, url_quote

from odoo import http
from odoo.exceptions import AccessDenied, UserError
from odoo.http import request

from ..models.ir_http_factor import PAGE
from ..tools.place import place

ISSUER = "CTSP"


class AccountSecurity(http.Controller):
    """What a person keeps in order himself: certificates, one-time codes, sessions. For all, outside users included."""

    @http.route(PAGE, type="http", auth="user", methods=["GET"])
    def page(self, said=None, error=None):
        user, env = request.env.user, request.env
        secret = base64.b32encode(secrets.token_bytes(20)).decode()
        values = {
            "user": user, "error": error, "said": said, "secret": secret, "code_image": _image(user, secret),
            "home": "/odoo" if user._is_internal() else "/my/desk",
            "owes_factor": user._owes_factor(request.session),
            # sudo: the user's own rows, also of those who have no right on the tables
            "certificates": env["ctsp.auth.certificate"].sudo().search(
                [("user_id", "=", user.id), ("state", "!=", "revoked")]),
            "sessions": env["ctsp.auth.session"].sudo().search([("user_id", "=", user.id), ("date_end", "=", False)]),
            "options": env["ctsp.auth.authority"].sudo()._options(),
            "may_bind": env["ctsp.parameter"]._get("auth.certificate_self"),
        }
        response = request.render("ctsp_auth.account_page", values)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Frame-Options"] = "DENY"
        return response

    @http.route(f"{PAGE}/bind", type="jsonrpc", auth="user", readonly=False)
    def bind(self, answer, redirect=None):
        try:
            request.env["ctsp.auth.certificate"]._bind_own(answer, *place())
        except UserError as refusal:
            return {"error": refusal.args[0]}
        return {"url": f"{PAGE}?said=bound"}

    @http.route(f"{PAGE}/<any(code_on,code_off,session,revoke):step>", type="http", auth="user", methods=["POST"])
    def change(self, step, **values):
        try:
            getattr(self, f"_{step}")(request.env.user, values)
        except (UserError, AccessDenied, ValueError) as refusal:
            text = refusal.args[0] if refusal.args and isinstance(refusal, UserError) else ""
            return self.page(error=text or request.env._("This did not succeed. Please check what you entered."))
        return request.redirect(f"{PAGE}?said={step}")

    def _code_on(self, user, values):
        user._check_own_password(values.get("password"))
        user._turn_code_on(values.get("secret", ""), values.get("code", ""))

    def _code_off(self, user, values):
        user._check_own_password(values.get("password"))
        user._turn_code_off()

    def _session(self, user, values):
        sessions = request.env["ctsp.auth.session"].sudo().search([  # sudo: the user's own
            ("user_id", "=", user.id), ("id", "=", int(values["id"]))])
        sessions.with_user(user).sudo().action_end()

    def _revoke(self, user, values):
        rows = request.env["ctsp.auth.certificate"].sudo().search([  # sudo: the user's own
            ("user_id", "=", user.id), ("id", "=", int(values["id"]))])
        rows.action_revoke()


def _image(user, secret):
    """Return the QR code of a secret for an authenticator as a data address (RFC 6238, key URI format)."""
    query = url_encode({"secret": secret, "issuer": ISSUER, "algorithm": "SHA1", "digits": 6, "period": 30})
    label = url_quote(f"{ISSUER}:{user.login}", safe=":")
    stream = io.BytesIO()
    qrcode.make(f"otpauth://totp/{label}?{query}", box_size=5, border=2).save(stream, format="PNG")
    return "data:image/png;base64," + base64.b64encode(stream.getvalue()).decode()

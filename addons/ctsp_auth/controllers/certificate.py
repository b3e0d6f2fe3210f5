from odoo import http
from odoo.exceptions import AccessDenied, UserError
from odoo.http import request

from odoo.addons.web.controllers.home import Home

from ..tools.local import local
from ..tools.place import place

SIGNING = ("message", "proof", "certificate", "signature")


class Certificates(Home):
    """Challenges and answers of user certificates."""

    @http.route("/ctsp/auth/challenge", type="jsonrpc", auth="public", readonly=False)
    def challenge(self, purpose):
        if purpose == "bind" and request.env.user._is_public():
            raise AccessDenied()
        if purpose not in ("sign-in", "second", "bind"):
            raise UserError(request.env._("Unknown purpose."))
        request.session.touch()  # the answer must come from the same session
        return request.env["ctsp.auth.nonce"].sudo()._challenge(purpose, *place())  # sudo: nobody is signed in yet

    @http.route("/ctsp/auth/certificate", type="jsonrpc", auth="none", readonly=False)
    def sign_in(self, answer, redirect=None):
        """Sign in; return ``{"url"}`` to go to, or ``{"error"}`` in words that tell an attacker nothing."""
        answer = _parts(answer)
        credential = {
            "type": "certificate", "answer": answer,
            "login": request.env(su=True)["ctsp.auth.certificate"]._login_of(answer),
        }
        try:
            auth_info = request.session.authenticate(request.env, credential)
        except AccessDenied as refusal:
            return {"error": refusal.args[0]}
        return {"url": self._login_redirect(auth_info["uid"], redirect=local(redirect))}

    @http.route("/ctsp/auth/second", type="jsonrpc", auth="none", readonly=False)
    def second(self, answer, redirect=None):
        """The second step of a sign-in that began with a password."""
        uid = request.session.get("pre_uid")
        if not uid:
            return {"url": "/web/login"}
        user = request.env(user=uid, su=True)["res.users"].browse(uid)
        credential = {"type": "certificate", "second": True, "answer": _parts(answer)}
        try:
            user._second_factor(credential)
        except AccessDenied as refusal:
            return {"error": refusal.args[0]}
        request.session.finalize(request.env)
        request.update_env(user=request.session.uid)
        return {"url": self._login_redirect(uid, redirect=local(redirect))}

    @http.route("/web/login/certificate", type="http", auth="public", methods=["GET"])
    def second_page(self, redirect=None):
        if request.session.uid:
            return request.redirect(self._login_redirect(request.session.uid, redirect=local(redirect)))
        if not request.session.get("pre_uid"):
            return request.redirect("/web/login")
        options = request.env["ctsp.auth.authority"].sudo()._options()  # sudo: nobody is signed in yet
        response = request.render("ctsp_auth.second_page", {"options": options})
        response.headers["Cache-Control"] = "no-store"
        return response

    @http.route()
    def web_login(self, *args, **kwargs):
        response = super().web_login(*args, **kwargs)
        if response.is_qweb and request.db:
            # sudo: nobody is signed in yet
            response.qcontext["certificate_options"] = request.env["ctsp.auth.authority"].sudo()._options()
        return response


def _parts(answer):
    """Return what is read of an answer, whatever came in its place."""
    return {name: answer.get(name) if isinstance(answer, dict) else None for name in SIGNING}

from odoo import http
from odoo.exceptions import AccessDenied
from odoo.http import request

from odoo.addons.web.controllers.home import Home

from ..tools.local import local


class Gateway(Home):
    """Who comes through the security gateway is signed in by what it says; nobody types anything."""

    @http.route()
    def web_login(self, redirect=None, *args, **kwargs):
        come = request.httprequest.method == "GET" and request.db and not request.session.uid
        if not come or not request.env(su=True)["ctsp.auth.gateway"]._speaking(request.httprequest.headers):
            return super().web_login(redirect, *args, **kwargs)
        try:
            auth_info = request.session.authenticate(request.env, {"type": "gateway", "login": ""})
        except AccessDenied as refusal:
            response = super().web_login(redirect, *args, **kwargs)
            if response.is_qweb:
                response.qcontext["error"] = refusal.args[0]
            return response
        return request.redirect(self._login_redirect(auth_info["uid"], redirect=local(redirect)))

from odoo import http
from odoo.http import request

from odoo.addons.rpc.controllers.json2 import WebJson2Controller
from odoo.addons.web.controllers.session import Session

# Calls by JSON-2 are logged with model and method, whether they change anything or not; also sign-outs.


def _never(*_args):
    """Core signs people out on a read-only cursor; the sign-out is logged, so its routes write."""
    return False


class AuditJson2(WebJson2Controller):
    @http.route()
    def web_json_2_rpc(self, __model__, __method__, **kwargs):
        result = super().web_json_2_rpc(__model__, __method__, **kwargs)
        request.env["ctsp.audit.port"]._log_call(__model__, __method__)
        return result


class AuditSession(Session):
    @http.route(readonly=_never)
    def logout(self, *args, **kwargs):
        _log_sign_out()
        return super().logout(*args, **kwargs)

    @http.route(readonly=_never)
    def destroy(self):
        _log_sign_out()
        return super().destroy()


def _log_sign_out():
    if request.db and request.session.uid:
        request.env(user=request.session.uid)["ctsp.audit.port"]._log("sign_out")

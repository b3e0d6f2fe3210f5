from odoo import http
from odoo.http import request

from odoo.addons.rpc.controllers.json2 import WebJson2Controller
from odoo.addons.web.controllers.dataset import DataSet


def _rpc_readonly(controller, rule, args):
    """Reads of people who see personal data in clear are logged: they never run on a read-only cursor."""
    user = request.env.user  # nobody, when the session has ended
    return controller._call_kw_readonly(rule, args) and not (user and user.has_group("ctsp_base.group_personal_data"))


def _json2_readonly(controller, rule, args):
    """The caller is not known yet when Odoo picks the cursor: take one that can log."""
    return False


class LoggedDataSet(DataSet):
    @http.route(readonly=_rpc_readonly)
    def call_kw(self, model, method, args, kwargs, path=None):
        return super().call_kw(model, method, args, kwargs, path)

    @http.route(readonly=_rpc_readonly)
    def call_button(self, model, method, args, kwargs, path=None):
        return super().call_button(model, method, args, kwargs, path)


class LoggedJson2(WebJson2Controller):
    @http.route(readonly=_json2_readonly)
    def web_json_2_rpc(self, *args, **kwargs):
        return super().web_json_2_rpc(*args, **kwargs)

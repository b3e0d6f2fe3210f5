import xmlrpc.client

from odoo import SUPERUSER_ID, api, http
from odoo.http import request
from odoo.modules.registry import Registry

from odoo.addons.rpc.controllers import RPC
from odoo.addons.rpc.controllers.json2 import WebJson2Controller
from odoo.addons.web.controllers.dataset import DataSet

from ..tools import caller

# Share users call methods of models they have rights on and of no others, by whichever protocol.


class DeskDataSet(DataSet):
    @http.route()
    def call_kw(self, model, method, args, kwargs, path=None):
        request.env["ctsp.desk"]._check_rpc(model)
        return super().call_kw(model, method, args, kwargs, path)

    @http.route()
    def call_button(self, model, method, args, kwargs, path=None):
        request.env["ctsp.desk"]._check_rpc(model)
        return super().call_button(model, method, args, kwargs, path)


class DeskJson2(WebJson2Controller):
    @http.route()
    def web_json_2_rpc(self, __model__, __method__, **kwargs):
        request.env["ctsp.desk"]._check_rpc(__model__)
        return super().web_json_2_rpc(__model__, __method__, **kwargs)


def _check_object_call(service, params):
    """Check a call of the old protocols: ``(database, user id, password, model, method, …)``."""
    if service != "object" or len(params) < 4:
        return
    database, uid, _password, model = params[:4]
    with Registry(database).cursor(readonly=True) as cr:
        # the caller claims to be this user; the password is checked by the call itself
        api.Environment(cr, SUPERUSER_ID, {})(user=int(uid), su=False)["ctsp.desk"]._check_rpc(model)


def _after_object_call(service, params):
    """Tell the audit port of a call of the old protocols that succeeded."""
    if service != "object" or len(params) < 5:
        return
    database, uid, _password, model, method = params[:5]
    with Registry(database).cursor() as cr:
        api.Environment(cr, int(uid), {})["ctsp.audit.port"]._log_call(model, method)


class DeskRpc(RPC):
    """Below Odoo's ``RPC``, which serves both protocols: a child of one protocol's class alone would be passed by."""

    def _xmlrpc(self, service):
        params, _method = xmlrpc.client.loads(request.httprequest.get_data(), use_datetime=True)
        _check_object_call(service, params)
        with caller.kept():
            result = super()._xmlrpc(service)
            _after_object_call(service, params)
        return result

    @http.route()
    def jsonrpc(self, service, method, args):
        _check_object_call(service, args)
        with caller.kept():
            result = super().jsonrpc(service, method, args)
            _after_object_call(service, args)
        return result

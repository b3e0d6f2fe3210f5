import xmlrpc.client

from odoo import SUPERUSER_ID, api, http
from odoo.http import request
from odoo.modules.registry import Registry

from odoo.addons.rpc.controllers.json2 import WebJson2Controller
from odoo.addons.rpc.controllers.jsonrpc import JSONRPC
from odoo.addons.rpc.controllers.xmlrpc import XMLRPC
from odoo.addons.web.controllers.dataset import DataSet

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
    with Registry(database).cursor() as cr:
        # the caller claims to be this user; the password is checked by the call itself
        api.Environment(cr, SUPERUSER_ID, {})(user=int(uid), su=False)["ctsp.desk"]._check_rpc(model)


class DeskXmlRpc(XMLRPC):
    def _xmlrpc(self, service):
        params, _method = xmlrpc.client.loads(request.httprequest.get_data(), use_datetime=True)
        _check_object_call(service, params)
        return super()._xmlrpc(service)


class DeskJsonRpc(JSONRPC):
    @http.route()
    def jsonrpc(self, service, method, args):
        _check_object_call(service, args)
        return super().jsonrpc(service, method, args)

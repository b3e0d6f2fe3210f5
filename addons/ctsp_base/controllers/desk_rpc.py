import xmlrpc.client

from odoo import SUPERUSER_ID, api, http
from odoo.exceptions import AccessDenied, AccessError
from odoo.http import request
from odoo.modules.registry import Registry

from odoo.addons.rpc.controllers import RPC, _check_request
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


class _Told:
    """Tells the audit port what became of a call of the old protocols: done, or the error that ended it."""

    def __init__(self, service, params):
        self.call = params[:5] if service == "object" and len(params) >= 5 else None
        self.known = False  # whether it is certain who calls: not before the call itself has checked the password

    def __enter__(self):
        return self

    def __exit__(self, _kind, error, _trace):
        fence = self.known or error is None or isinstance(error, AccessError)
        if self.call is None or not fence or isinstance(error, AccessDenied):
            return  # not a call at all; a refused sign-in is logged where it is refused
        database, uid, _password, model, method = self.call
        with Registry(database).cursor() as cr:
            port = api.Environment(cr, int(uid) if self.known else SUPERUSER_ID, {})["ctsp.audit.port"]
            if error is None:
                port._log_call(model, method)
            else:
                port._log_call_failed(error, model, method, claimed=None if self.known else uid)


class DeskRpc(RPC):
    """Below Odoo's ``RPC``, which serves both protocols: a child of one protocol's class alone would be passed by."""

    def _xmlrpc(self, service):
        params, _method = xmlrpc.client.loads(request.httprequest.get_data(), use_datetime=True)
        with caller.kept(), _Told(service, params) as told:
            _check_object_call(service, params)
            told.known = True
            return super()._xmlrpc(service)

    @http.route()
    def jsonrpc(self, service, method, args):
        _check_request()  # closes the request's own read-only cursor, as Odoo does further in
        with caller.kept(), _Told(service, args) as told:
            _check_object_call(service, args)
            told.known = True
            return super().jsonrpc(service, method, args)

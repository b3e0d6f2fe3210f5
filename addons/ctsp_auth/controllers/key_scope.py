from odoo import api, http
from odoo.http import request
from odoo.modules.registry import Registry

from odoo.addons.ctsp_base.controllers.desk_rpc import DeskRpc
from odoo.addons.rpc.controllers.json2 import WebJson2Controller

from ..models.res_users_key import ALIKE

# A key covers the calls it was issued for, by whichever protocol.


class ScopedJson2(WebJson2Controller):
    @http.route()
    def web_json_2_rpc(self, __model__, __method__, **kwargs):
        request.env["res.users.apikeys"]._check_call(__model__, __method__)
        return super().web_json_2_rpc(__model__, __method__, **kwargs)


class ScopedRpc(DeskRpc):
    def _object_call(self, service, method, params):
        _check_object_call(service, params)
        return super()._object_call(service, method, params)


def _check_object_call(service, params):
    """``(database, user id, key, model, method, …)``; whether the key is good is checked by the call itself."""
    if service != "object" or len(params) < 5 or not ALIKE.fullmatch(str(params[2])):
        return
    database, uid, key, model, method = params[:5]
    with Registry(database).cursor() as cr:
        keys = api.Environment(cr, int(uid), {})["res.users.apikeys"]
        if keys._check_credentials(scope="rpc", key=key):
            keys._check_call(str(model), str(method))

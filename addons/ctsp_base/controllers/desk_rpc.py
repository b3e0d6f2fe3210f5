import logging
import xmlrpc.client
from collections.abc import Mapping

import psycopg2

from odoo import SUPERUSER_ID, api, http
from odoo.exceptions import AccessDenied, AccessError, ValidationError
from odoo.http import dispatch_rpc, request
from odoo.modules.registry import Registry
from odoo.tools import frozendict

from odoo.addons.rpc.controllers import RPC, _check_request
from odoo.addons.rpc.controllers.json2 import WebJson2Controller
from odoo.addons.rpc.controllers.xmlrpc import dumps
from odoo.addons.web.controllers.dataset import DataSet

from ..tools import caller, incoming

# Share users call methods of models they have rights on and of no others, by whichever protocol; what anybody sends is
# looked at first, and what nobody foresaw is told without a traceback.

_logger = logging.getLogger(__name__)
NO_CONTEXT = frozendict()


class DeskDataSet(DataSet):
    @http.route()
    def call_kw(self, model, method, args, kwargs, path=None):
        request.env["ctsp.desk"]._check_rpc(model)
        _check_session_call(model, method, args, kwargs)
        return super().call_kw(model, method, args, kwargs, path)

    @http.route()
    def call_button(self, model, method, args, kwargs, path=None):
        request.env["ctsp.desk"]._check_rpc(model)
        _check_session_call(model, method, args, kwargs)
        return super().call_button(model, method, args, kwargs, path)


class DeskJson2(WebJson2Controller):
    @http.route()
    def web_json_2_rpc(self, __model__, __method__, ids=(), context=NO_CONTEXT, **kwargs):
        request.env["ctsp.desk"]._check_rpc(__model__)
        context = _in_own_language(request.env, context)
        args = [] if __method__ == "create" else [ids]
        incoming.check_call(request.env(context=context), __model__, __method__, args, kwargs)
        return super().web_json_2_rpc(__model__, __method__, ids=ids, context=context, **kwargs)


def _check_session_call(model, method, args, kwargs):
    context = kwargs.get("context") if isinstance(kwargs, Mapping) else None
    context = context if isinstance(context, Mapping) else {}
    incoming.check_call(request.env(context=_in_own_language(request.env, context)), model, method, args, kwargs)


def _in_own_language(env, context):
    """Return ``context`` with the user's language where the client named none: messages are for him."""
    if not isinstance(context, Mapping) or context.get("lang"):
        return context
    return {**context, "lang": env.user.lang}


def _check_object_call(service, call, params, told):
    """Check a call of the old protocols: ``(database, user id, password, model, method, …)``."""
    if service != "object" or len(params) < 4:
        return
    database, uid, password, model, method = [*params, None][:5]
    with Registry(database).cursor(readonly=True) as cr:
        # the caller claims to be this user; the password is checked by the call itself
        api.Environment(cr, SUPERUSER_ID, {})(user=int(uid), su=False)["ctsp.desk"]._check_rpc(model)
    if incoming.concerns(model, method) and password:
        with Registry(database).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["res.users"]._check_uid_passwd(int(uid), password)
            told.known = True
            _check_object_values(env(user=int(uid), su=False), call, params)
    told.known = True


def _check_object_values(env, call, params):
    """Look at the values of a call whose password is right: the answer names fields."""
    _database, _uid, _password, model, method = params[:5]
    args, kwargs = _object_arguments(call, params)
    context = kwargs.get("context") if isinstance(kwargs.get("context"), Mapping) else {}
    incoming.check_call(env(context=_in_own_language(env, context)), model, method, args, kwargs)


def _object_arguments(call, params):
    """Return the arguments of a call: a list and a dict. ``execute`` takes them one by one, ``execute_kw`` as two."""
    if call != "execute_kw":
        return params[5:], {}
    args = params[5] if len(params) > 5 and isinstance(params[5], list | tuple) else []
    kwargs = params[6] if len(params) > 6 and isinstance(params[6], Mapping) else {}
    return args, kwargs


def _with_language(service, call, params):
    """Return the call with the user's own language where the client named none."""
    if service != "object" or call != "execute_kw" or len(params) < 6 or not str(params[1]).isdecimal():
        return params
    args, kwargs = _object_arguments(call, params)
    context = kwargs.get("context") or {}
    if not isinstance(context, Mapping) or context.get("lang"):
        return params
    with Registry(params[0]).cursor(readonly=True) as cr:
        # superuser: the language of whoever calls, before his password is checked; it decides how messages read
        user = api.Environment(cr, SUPERUSER_ID, {})["res.users"].browse(int(params[1])).exists()
        kwargs = {**kwargs, "context": {**context, "lang": user.lang or "zh_CN"}}
    return [*params[:5], args, kwargs]


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
        try:
            params, method = xmlrpc.client.loads(request.httprequest.get_data(), use_datetime=True)
        except Exception as error:  # what is no XML at all fails in many ways
            raise incoming.told(error, None) from error
        return dumps((self._object_call(service, method, list(params)),))

    @http.route()
    def jsonrpc(self, service, method, args):
        _check_request()  # closes the request's own read-only cursor, as Odoo does
        return self._object_call(service, method, args)

    def _object_call(self, service, method, params):
        """Make a call of the old protocols as Odoo does, between our checks."""
        with caller.kept(), _Told(service, params) as told:
            try:
                params = _with_language(service, method, params)
                _check_object_call(service, method, params, told)
                return dispatch_rpc(service, method, params)
            except Exception as error:
                lang = _language_of(method, params)
                self._retell(params, error, lang)
                if incoming.is_foreseen(error):
                    raise
                _logger.exception("A call of the service %s failed", service)
                raise incoming.told(error, lang) from error

    def _retell(self, params, error, lang):
        """Put what the database refused into the caller's language."""
        if isinstance(error, ValidationError) and isinstance(error.__cause__, psycopg2.IntegrityError):
            with Registry(params[0]).cursor(readonly=True) as cr:
                env = api.Environment(cr, int(params[1]), {})  # his password was right: the call was made
                error.args = (incoming.database_message(env, error, lang),)


def _language_of(call, params):
    context = _object_arguments(call, params)[1].get("context")
    return context.get("lang") if isinstance(context, Mapping) else None

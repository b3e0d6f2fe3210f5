import json

from werkzeug.exceptions import NotFound

from odoo import models
from odoo.http import request
from odoo.tools import config

from ..tools import incoming


class IrHttp(models.AbstractModel):
    """Routes: a signed-in share user reaches the desk and what it needs, nothing else of the server."""

    _inherit = "ir.http"

    _outside_routes = (
        "/", "/my", "/my/home", "/my/desk", "/odoo", "/web", "/ctsp/desk",
        "/web/login", "/web/login_successful", "/web/reset_password", "/web/signup", "/web/session",
        "/web/dataset", "/web/action/load", "/web/action/load_breadcrumbs",
        "/web/webclient/translations", "/web/webclient/bootstrap_translations", "/web/webclient/version_info",
        "/web/assets", "/web/bundle", "/web/content", "/web/image", "/web/binary/company_logo", "/logo", "/logo.png",
        "/web/manifest.webmanifest", "/web/health", "/favicon.ico", "/robots.txt",
        "/websocket", "/bus/websocket_worker_bundle", "/xmlrpc", "/jsonrpc", "/json/2", "/ctsp/password",
        "/ctsp/outside",
    )
    """Prefixes of routes open to share users; an addon with a page for them registers it below /ctsp/outside."""

    _outside_exact = frozenset({"/", "/my", "/web"})

    @classmethod
    def _pre_dispatch(cls, rule, args):
        super()._pre_dispatch(rule, args)
        if rule.endpoint.routing["auth"] == "none" or not request.env.uid:
            return
        if not request.env.user._is_portal():
            return
        request.ctsp_outside = True
        if not cls._is_outside_route(rule.rule):
            raise NotFound()

    @classmethod
    def _handle_error(cls, exception):
        """Send no traceback: it names files, tables and code. What nobody foresaw is told in one sentence."""
        if request.dispatcher.routing_type in ("jsonrpc", "json2") and not incoming.is_foreseen(exception):
            exception = incoming.told(exception, cls._client_language())
        elif request.dispatcher.routing_type == "json2" and request.env and not request.env.cr.closed:
            message = incoming.database_message(request.env, exception, cls._client_language())
            exception.args = (message,) if message else exception.args
        response = super()._handle_error(exception)
        if getattr(response, "is_json", False) and not config["dev_mode"]:
            body = response.get_json()
            error = body.get("error", body)
            for part in (error, error.get("data") or {}):
                if "debug" in part:
                    part["debug"] = ""
            response.data = json.dumps(body, ensure_ascii=False)
        return response

    @classmethod
    def _client_language(cls):
        """Return the language the client named in the call, else that of its session."""
        params = request.params if isinstance(getattr(request, "params", None), dict) else {}
        kwargs = params.get("kwargs") if isinstance(params.get("kwargs"), dict) else params
        context = kwargs.get("context") if isinstance(kwargs.get("context"), dict) else {}
        return context.get("lang") or (request.session.uid and request.session.context.get("lang"))

    @classmethod
    def _is_outside_route(cls, route):
        return any(
            route == open_route or (open_route not in cls._outside_exact and route.startswith(f"{open_route}/"))
            for open_route in cls._outside_routes
        )

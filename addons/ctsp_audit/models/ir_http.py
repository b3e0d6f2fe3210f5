import logging

import psycopg2
from werkzeug.exceptions import HTTPException, Unauthorized

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessDenied
from odoo.http import SessionExpiredException, request

_logger = logging.getLogger(__name__)
JSON2 = "/json/2/"


class IrHttp(models.AbstractModel):
    """Refusals and failures are logged though their request is rolled back: on a cursor of their own."""

    _inherit = "ir.http"

    @classmethod
    def _handle_error(cls, exception):
        response = super()._handle_error(exception)
        if request.db and cls._is_told(exception):
            uid = request.session.uid or (request.env and request.env.uid)
            if request.env and request.env.cr.readonly:
                request.env.cr.close()  # the request is over; its cursor would keep others from writing
            elif request.env and not request.env.cr.closed:
                request.env.cr.rollback()  # nothing of it counts, and what the database refused must not stop the row
            if uid or isinstance(exception, Unauthorized):
                cls._log_refusal(uid, exception)
        return response

    @classmethod
    def _is_told(cls, exception):
        """Say whether a request that ended with ``exception`` is a row of its own.

        Refused sign-ins are logged where they are refused; a page that does not exist is nobody's doing.
        """
        if isinstance(exception, Unauthorized):
            return cls._is_interface() and "Authorization" in request.httprequest.headers
        if isinstance(exception, HTTPException):
            return cls._is_interface()
        return not isinstance(exception, (AccessDenied, SessionExpiredException))

    @classmethod
    def _is_interface(cls):
        return request.httprequest.path.startswith(JSON2)

    @classmethod
    def _log_refusal(cls, uid, exception):
        model, method, ids = cls._called()
        try:
            with request.registry.cursor() as cr:
                port = api.Environment(cr, uid or SUPERUSER_ID, {})["ctsp.audit.port"]
                if isinstance(exception, Unauthorized):
                    row = port._row("sign_in", None, {"method": "api_key"}, success=False)
                    row |= {"user_id": None, "login": None}
                else:
                    row = port._refusal(exception, model, method, ids)
                port._write_row(cr, row)
        except psycopg2.Error as error:  # the answer must reach its user
            _logger.error("A refusal could not be logged: %s", error)

    @classmethod
    def _called(cls):
        """Return ``(model, method, identifiers)`` of the request, as far as it names them."""
        params = request.params if isinstance(getattr(request, "params", None), dict) else {}
        path, args = request.httprequest.path, params.get("args")
        if cls._is_interface():
            model, _slash, method = path.removeprefix(JSON2).partition("/")
            ids = params.get("ids")
        else:
            model, method = params.get("model"), params.get("method") or path
            ids = args[0] if isinstance(args, list) and args else None
        ids = ids if isinstance(ids, list) and all(isinstance(one, int) and abs(one) < 2**31 for one in ids) else []
        return model, method, ids

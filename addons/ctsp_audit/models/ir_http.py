import logging

import psycopg2

from odoo import api, models
from odoo.exceptions import AccessDenied, AccessError, UserError
from odoo.http import request

_logger = logging.getLogger(__name__)


class IrHttp(models.AbstractModel):
    """Refusals are logged though their request is rolled back: on a cursor of their own."""

    _inherit = "ir.http"

    @classmethod
    def _handle_error(cls, exception):
        response = super()._handle_error(exception)
        event = "denied" if isinstance(exception, AccessError) else "refused"
        uid = request.db and (request.session.uid or (request.env and request.env.uid))
        if uid and isinstance(exception, UserError) and not isinstance(exception, AccessDenied):
            if request.env.cr.readonly:
                request.env.cr.close()  # the request is over; its cursor would keep others from writing
            cls._log_refusal(uid, event, exception)
        return response

    @classmethod
    def _log_refusal(cls, uid, event, exception):
        """Write what was refused: model, method and identifiers, never the values."""
        params = request.params if isinstance(getattr(request, "params", None), dict) else {}
        model, args = str(params.get("model") or ""), params.get("args")
        ids = args[0] if isinstance(args, list) and args and isinstance(args[0], list) else []
        ids = ids if all(isinstance(one, int) for one in ids) else []
        try:
            with request.registry.cursor() as cr:
                env = api.Environment(cr, uid, {})
                port, records = env["ctsp.audit.port"], env[model].browse(ids) if model in env else None
                detail = {
                    "method": str(params.get("method") or request.httprequest.path)[:100],
                    "error": type(exception).__name__,
                }
                port._write_row(cr, port._row(event, records, detail, success=False))
        except psycopg2.Error as error:  # the answer must reach its user
            _logger.error("A refusal could not be logged: %s", error)

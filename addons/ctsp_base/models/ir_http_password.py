from werkzeug.exceptions import abort

from odoo import models
from odoo.exceptions import AccessDenied
from odoo.http import request

PAGE = "/ctsp/password"
OPEN = (
    PAGE, "/web/login", "/web/session/authenticate", "/web/session/logout", "/web/assets", "/website/translations",
    "/web/webclient/translations", "/web/health", "/web/image", "/logo", "/favicon.ico")
"""what whoever owes a new password reaches: the page, its looks and the way out"""


class IrHttp(models.AbstractModel):
    """Routes: a one-time password opens the page that changes it, nothing else."""

    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        super()._pre_dispatch(rule, args)
        uid = request.env.uid or request.session.uid  # the web client's own page finds out by itself who asks
        if not uid or not request.env["res.users"].browse(uid)._owes_password():
            return
        if any(rule.rule == route or rule.rule.startswith((f"{route}/", f"{route}.")) for route in OPEN):
            return
        if rule.endpoint.routing["type"] == "http" and request.httprequest.method == "GET":
            abort(request.redirect(PAGE))
        raise AccessDenied(request.env._("Change the one-time password first."))

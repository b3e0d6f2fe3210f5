from werkzeug.exceptions import abort

from odoo import models
from odoo.exceptions import AccessDenied
from odoo.http import request

from odoo.addons.ctsp_base.models.ir_http_password import OPEN

PAGE = "/ctsp/outside/security"
REACHABLE = (*OPEN, PAGE, "/ctsp/auth")


class IrHttp(models.AbstractModel):
    """Whoever signed in with less than his roles ask for reaches the page where he sets up the rest, nothing else."""

    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        super()._pre_dispatch(rule, args)
        uid = request.session.uid
        if not uid or not request.env(user=uid)["res.users"].browse(uid)._owes_factor(request.session):
            return
        if any(rule.rule == route or rule.rule.startswith((f"{route}/", f"{route}.")) for route in REACHABLE):
            return
        if rule.endpoint.routing["type"] == "http" and request.httprequest.method == "GET":
            abort(request.redirect(PAGE))
        raise AccessDenied(request.env._("Set up the second factor that your role asks for first."))

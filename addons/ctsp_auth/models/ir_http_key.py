from odoo import models
from odoo.exceptions import AccessError
from odoo.http import request

JSON2 = "/json/2/"


class IrHttp(models.AbstractModel):
    """A key for named calls opens JSON-2, where the call is named, and none of the other routes that take a key."""

    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        super()._pre_dispatch(rule, args)
        path = request.httprequest.path
        bearer = rule.endpoint.routing["auth"] == "bearer" and not path.startswith(JSON2)
        if bearer and not request.env["res.users.apikeys"]._covers("", path):
            raise AccessError(request.env._("This key does not cover the call %(call)s.", call=path))

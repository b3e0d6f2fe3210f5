from odoo import models
from odoo.http import request

from odoo.addons.ctsp_base.models.ir_http_desk import IrHttp as Desk


class IrHttp(models.AbstractModel):
    """The interface's documentation is open to institution users who are signed in, too."""

    _inherit = "ir.http"

    _outside_routes = (*Desk._outside_routes, "/ctsp/open")

    @classmethod
    def _dispatch(cls, endpoint):
        request.params.pop("self", None)  # a query may name anything; a method has one ``self``
        return super()._dispatch(endpoint)

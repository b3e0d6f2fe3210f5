from odoo import models

from ..tools.signing import SignatureWanted


class IrHttp(models.AbstractModel):
    """Asking for a signature is no refusal: nothing of it goes into the log."""

    _inherit = "ir.http"

    @classmethod
    def _is_told(cls, exception):
        return not isinstance(exception, SignatureWanted) and super()._is_told(exception)

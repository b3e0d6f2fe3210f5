from odoo import models


class IrHttp(models.AbstractModel):
    """Tells the web client which models offer export and import."""

    _inherit = "ir.http"

    def session_info(self):
        info = super().session_info()
        if self.env.user._is_internal():
            exports = [name for name, _label in self.env["ctsp.export.job"]._selection_models()]
            info["ctsp_export_models"] = exports
        return info

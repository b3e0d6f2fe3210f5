from odoo import models


class IrHttp(models.AbstractModel):
    """Tells the web client which models offer export and import, and how far the official calendar is known."""

    _inherit = "ir.http"

    def session_info(self):
        info = super().session_info()
        if self.env.user._is_internal():
            info["ctsp_export_models"] = self.env["ctsp.export.job"]._models()
            may_import = self.env["ctsp.import.job"].has_access("create")
            imports = self.env["ctsp.import.job"]._selection_models() if may_import else []
            info["ctsp_import_models"] = [name for name, _label in imports]
            info["ctsp_import_parts"] = self._import_parts(imports)
        info["ctsp_calendar_from"] = self.env["ctsp.workday"]._first_unpublished()
        return info

    def _import_parts(self, imports):
        """Return ``{model: [[part, its name]]}``: what is imported from the lists of another model, too."""
        parts = {}
        for name, label in imports:
            if whole := self.env[name]._import_part_of:
                parts.setdefault(whole, []).append([name, label])
        return parts

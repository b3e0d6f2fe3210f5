from odoo import models


class ExportMixin(models.AbstractModel):
    """Export. See docs/kernel.md."""

    _name = "ctsp.export.mixin"
    _description = "Export Mixin"

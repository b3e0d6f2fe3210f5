from odoo import models


class ImportMixin(models.AbstractModel):
    """Import. See docs/kernel.md."""

    _name = "ctsp.import.mixin"
    _description = "Import Mixin"

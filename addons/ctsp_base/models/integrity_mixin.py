from odoo import models


class IntegrityMixin(models.AbstractModel):
    """Integrity. See docs/kernel.md."""

    _name = "ctsp.integrity.mixin"
    _description = "Integrity Mixin"

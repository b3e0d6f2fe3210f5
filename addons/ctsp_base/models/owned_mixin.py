from odoo import models


class OwnedMixin(models.AbstractModel):
    """Records owned by an outside organisation. See docs/kernel.md."""

    _name = "ctsp.owned.mixin"
    _description = "Records owned by an outside organisation Mixin"

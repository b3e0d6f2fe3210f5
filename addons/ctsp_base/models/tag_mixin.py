from odoo import models


class TagMixin(models.AbstractModel):
    """Tag. See docs/kernel.md."""

    _name = "ctsp.tag.mixin"
    _description = "Tag Mixin"

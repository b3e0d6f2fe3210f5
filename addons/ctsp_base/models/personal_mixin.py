from odoo import models


class PersonalMixin(models.AbstractModel):
    """Personal data. See docs/kernel.md."""

    _name = "ctsp.personal.mixin"
    _description = "Personal data Mixin"

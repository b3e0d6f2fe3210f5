from odoo import models


class Base(models.AbstractModel):
    """Fields of every model may say what outside users do with them (``ctsp_outside``), and how they are masked."""

    _inherit = "base"

    def _valid_field_parameter(self, field, name):
        return name in ("ctsp_outside", "ctsp_personal") or super()._valid_field_parameter(field, name)

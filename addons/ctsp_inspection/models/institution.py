from odoo import models


class Institution(models.Model):
    """Earlier inspections of an institution."""

    _name = "ctsp.institution"
    _inherit = ["ctsp.institution", "ctsp.inspection.history.mixin"]

    _history_field = "institution_id"

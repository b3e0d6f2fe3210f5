from odoo import models


class Specialty(models.Model):
    """Earlier inspections of a specialty."""

    _name = "ctsp.specialty"
    _inherit = ["ctsp.specialty", "ctsp.inspection.history.mixin"]

    _history_field = "specialty_id"

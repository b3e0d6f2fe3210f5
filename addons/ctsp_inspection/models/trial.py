from odoo import models


class Trial(models.Model):
    """Earlier inspections of a trial."""

    _name = "ctsp.trial"
    _inherit = ["ctsp.trial", "ctsp.inspection.history.mixin"]

    _history_field = "trial_id"

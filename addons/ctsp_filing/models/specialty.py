from odoo import models


class Specialty(models.Model):
    """A specialty: institutions propose its added fields in the rows of a filing."""

    _inherit = "ctsp.specialty"
    _studio_outside = "ctsp.filing.specialty"

from odoo import models


class EthicsCommittee(models.Model):
    """An ethics committee: institutions propose its added fields in the rows of a filing."""

    _inherit = "ctsp.ethics.committee"
    _studio_outside = "ctsp.filing.committee"

from odoo import fields, models


class RiskAlert(models.Model):
    """Alerts about the lines to other systems."""

    _inherit = "ctsp.risk.alert"

    source = fields.Selection(selection_add=[("exchange", "Data Exchange")], ondelete={"exchange": "set default"})

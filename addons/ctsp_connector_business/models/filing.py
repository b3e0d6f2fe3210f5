from odoo import fields, models


class Filing(models.Model):
    """The item of the business platform that a filing was made of."""

    _name = "ctsp.filing"
    _inherit = ["ctsp.filing", "ctsp.business.target.mixin"]

    business_item_ids = fields.One2many(
        "ctsp.business.item", "filing_id", "Items of the Business Platform", readonly=True,
        groups="ctsp_base.group_regulator")
    business_item_pending = fields.Boolean(
        "Newer Content Waits", compute="_compute_business_item_pending", groups="ctsp_base.group_regulator")

    def _compute_business_item_pending(self):
        for filing in self:
            filing.business_item_pending = any(filing.business_item_ids.mapped("is_pending"))

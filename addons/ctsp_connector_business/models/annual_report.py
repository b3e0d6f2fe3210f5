from odoo import fields, models


class AnnualReport(models.Model):
    """The item of the business platform that an annual report was filled from."""

    _name = "ctsp.annual.report"
    _inherit = ["ctsp.annual.report", "ctsp.business.target.mixin"]

    business_item_ids = fields.One2many(
        "ctsp.business.item", "report_id", "Items of the Business Platform", readonly=True,
        groups="ctsp_base.group_regulator")

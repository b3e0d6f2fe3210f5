from odoo import fields, models


class PlanLine(models.Model):
    """The item of the business platform that a planned inspection was made of."""

    _name = "ctsp.plan.line"
    _inherit = ["ctsp.plan.line", "ctsp.business.target.mixin"]

    business_item_ids = fields.One2many(
        "ctsp.business.item", "plan_line_id", "Items of the Business Platform", readonly=True,
        groups="ctsp_base.group_regulator")

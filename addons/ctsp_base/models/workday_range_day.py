from odoo import fields, models


class WorkdayRangeDay(models.TransientModel):
    """One make-up workday of a holiday being entered."""

    _name = "ctsp.workday.range.day"
    _description = "Make-up Workday"

    range_id = fields.Many2one("ctsp.workday.range", required=True, ondelete="cascade", index=True)
    date = fields.Date(required=True)

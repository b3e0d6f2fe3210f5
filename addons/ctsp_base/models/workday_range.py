from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class WorkdayRange(models.TransientModel):
    """Enters one holiday of a notice at once: its days off and the days worked instead."""

    _name = "ctsp.workday.range"
    _description = "Enter a Holiday"

    name = fields.Char(string="Holiday", required=True)
    date_from = fields.Date(string="First Day Off", required=True)
    date_to = fields.Date(string="Last Day Off", required=True)
    makeup_ids = fields.One2many("ctsp.workday.range.day", "range_id", string="Make-up Workdays")
    source = fields.Char(string="Official Notice", required=True)
    day_count = fields.Integer(string="Days Off", compute="_compute_day_count")

    @api.depends("date_from", "date_to")
    def _compute_day_count(self):
        for holiday in self:
            known = holiday.date_from and holiday.date_to
            holiday.day_count = (holiday.date_to - holiday.date_from).days + 1 if known else 0

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for holiday in self:
            if not 1 <= holiday.day_count <= 31:
                raise ValidationError(self.env._("A holiday lasts from 1 to 31 days; please check the two dates."))

    def action_enter(self):
        """Write the days into the calendar; days that are there already are replaced."""
        self.ensure_one()
        days = {self.date_from + timedelta(days=offset): "holiday" for offset in range(self.day_count)}
        makeup = set(self.makeup_ids.mapped("date"))
        if overlap := makeup & days.keys():
            raise ValidationError(self.env._(
                "%(day)s is a day off and a make-up workday at once.", day=fields.Date.to_string(min(overlap))
            ))
        days.update(dict.fromkeys(makeup, "makeup"))
        Workday = self.env["ctsp.workday"]
        Workday.search([("date", "in", list(days))]).unlink()
        Workday.create([
            {"date": day, "kind": kind, "name": self.name, "source": self.source} for day, kind in days.items()
        ])
        return {"type": "ir.actions.act_window_close"}

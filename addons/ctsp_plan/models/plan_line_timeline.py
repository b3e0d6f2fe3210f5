from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.ctsp_base.tools import clock

LONGEST = 800
"""days that one call answers"""


class PlanLine(models.Model):
    """What the time view asks beside the records."""

    _inherit = "ctsp.plan.line"

    @api.model
    def timeline_days_off(self, first, last):
        """Return the days from ``first`` to ``last`` on which nobody works, as ISO texts with the holiday's name.

        Called by the time view; for whoever reads plans.
        """
        self.browse().check_access("read")
        first, last = clock.as_date(first), clock.as_date(last)
        if not 0 <= (last - first).days <= LONGEST:
            raise UserError(self.env._("The period is too long."))
        # superuser: the official calendar is public
        names = {row.date: row.name for row in self.env["ctsp.workday"].sudo().search([
            ("date", ">=", first), ("date", "<=", last), ("kind", "=", "holiday")])}
        days = (first + timedelta(days=number) for number in range((last - first).days + 1))
        is_workday = self.env["ctsp.workday"]._is_workday
        return {str(day): names.get(day, "") for day in days if not is_workday(day)}

from odoo import api, models

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_base.tools.language import in_record_language

from .deadline import OPEN


class Deadline(models.Model):
    """Daily watch over running deadlines: overdue, soon due, and the calendar that was published late."""

    _inherit = "ctsp.deadline"

    def _alert_keys(self):
        return [f"deadline:{deadline.id}" for deadline in self]

    @api.model
    def _cron_watch(self):
        """Settle provisional dates, mark what is overdue, raise alerts before and after the due date."""
        self._settle_provisional()
        today = clock.today()
        self.search([("state", "=", "open"), ("date_due", "<", today)]).write({"state": "overdue"})
        near = self.search([("state", "in", OPEN), ("date_warning", "<=", today)])
        late = near.filtered(lambda deadline: deadline.date_due < today)
        alerts = self.env["ctsp.risk.alert"]
        # an alert of the early warning makes room for the serious one
        alerts._resolve(late._alert_keys(), keep="serious")
        alerts._raise([deadline._alert_row(today) for deadline in in_record_language(near)], watched=True)

    def _settle_provisional(self):
        for deadline in self.search([("state", "in", OPEN), ("provisional", "=", True)]):
            dates = self._dates(deadline.date_start)
            if dates["date_due"] != deadline.date_due or not dates["provisional"]:
                deadline.write(dates)

    def _alert_row(self, today):
        late = self.date_due < today
        name = self.env._("First inspection overdue: %(about)s") if late else self.env._(
            "First inspection soon due: %(about)s")
        return {
            "key": self._alert_keys()[0],
            "record": self,
            "name": name % {"about": self.display_name},
            "level": "serious" if late else "warning",
            "source": "deadline",
            "role_id": self.env.ref("ctsp_base.group_planner").id,
            "date_deadline": self.date_due,
        }

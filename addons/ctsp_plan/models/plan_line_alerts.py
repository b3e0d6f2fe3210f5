from odoo import api, models

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_base.tools.language import in_record_language


class PlanLine(models.Model):
    """Warnings about planned inspections: not assigned in time, planned days gone by, due day gone by."""

    _inherit = "ctsp.plan.line"

    def _alert_owner_name(self):
        return self.institution_id.name

    @api.model
    def _raise_alerts(self):
        """Raise what is late and close what is not any more. First inspections have the alert of their deadline."""
        today = clock.today()
        alerts = self.env["ctsp.risk.alert"]
        rows = self._unassigned_rows() + self._late_rows(today)
        alerts._raise(rows, watched=True)
        stale = alerts.search([
            ("dedup_key", "=like", "plan:%"), ("dedup_key", "not in", [row["key"] for row in rows]),
            "|", ("state", "in", ("new", "assigned", "handled")), ("muted", "=", True)])
        alerts._resolve(stale.mapped("dedup_key"))

    def _unassigned_rows(self):
        lines = in_record_language(self).search([
            ("plan_state", "=", "published"), ("state", "=", "waiting"), ("date_due", "<=", self._soon_until())])
        return [line._plan_alert("unassigned", "warning", line.env._("Not assigned yet: %s", line.display_name))
                for line in lines]

    def _late_rows(self, today):
        lines = in_record_language(self).search([
            ("plan_state", "=", "published"), ("state", "in", ("waiting", "assigned")),
            "|", ("date_to", "<", today), "&", ("date_due", "<", today), ("kind", "!=", "first")])
        return [line._plan_alert("late", "serious", line.env._("Inspection did not begin as planned: %s",
                                                              line.display_name)) for line in lines]

    def _plan_alert(self, code, level, name):
        return {
            "key": f"plan:{code}:{self.id}", "record": self, "name": name, "level": level, "source": "deadline",
            "role_id": self.env.ref("ctsp_base.group_planner").id, "date_deadline": self.date_due or self.date_to,
        }

from collections import defaultdict

from odoo import api, models

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_base.tools.language import in_record_language

from .inspection_terms import VERIFY
from .rectification import WITH_INSTITUTION


class Rectification(models.Model):
    """Daily watch over due dates: reminders before, alerts after, escalation to the leader; one per inspection."""

    _inherit = "ctsp.rectification"

    def _ask_deciders(self, summary, activity):
        """Give the reviewer with the fewest tasks the decision, a task of its own type. Called as superuser."""
        for item in self:
            until = item.inspection_id._term_end(VERIFY, clock.today())
            item._ask(item.inspection_id._least_busy_reviewer(), summary, until, activity)

    def _settled_alert_keys(self):
        """Return the keys of the alerts of inspections nothing of which is late any more."""
        return [
            key for inspection in self.inspection_id
            if not inspection.rectification_ids.filtered(lambda item: item.urgency == "late")
            for key in inspection._rectification_alert_keys()]

    @api.model
    def _cron_watch(self):
        """Settle provisional dates, then raise what is late: to the team, and to leaders when it stays late.

        The institution itself is reminded on its desk from ``date_warning`` on (cards and due dates).
        """
        self._settle_provisional()
        today = clock.today()
        late = defaultdict(self.browse)
        for item in self.search([("state", "in", WITH_INSTITUTION), ("date_due", "<", today)], order="date_due, id"):
            late[item.inspection_id] |= item
        self.env["ctsp.risk.alert"]._raise([
            row for items in late.values() for row in in_record_language(items)._alert_rows(today)], watched=True)

    def _settle_provisional(self):
        """Compute dates anew whose calendar was not published; only where nobody granted another date."""
        for item in self.search([("state", "in", WITH_INSTITUTION), ("provisional", "=", True)]):
            if item.date_due == item.date_first_due:
                item.write(item._dates(item.date_start, item.rule))
            else:
                item.write(item._due_values(item.date_start, item.date_due))

    def _alert_rows(self, today):
        """Return the alerts about the late items of one inspection, the earliest first."""
        inspection, first = self.inspection_id, self[0]
        key, escalated = inspection._rectification_alert_keys()
        rows = [{
            "key": key, "record": inspection, "level": "warning", "source": "deadline", "date_deadline": first.date_due,
            "owner_name": inspection.institution_id.name,
            "name": self.env._("Rectification overdue: %(institution)s, %(count)s findings, due %(due)s",
                               institution=inspection.institution_id.name, count=len(self), due=first.date_due),
            "role_id": self.env.ref("ctsp_base.group_inspector").id,
            **({"user_id": inspection.leader_id.user_id.id} if inspection.leader_id.user_id else {}),
        }]
        after = self.env["ctsp.parameter"]._get("inspection.rectification_escalation_days")
        if self.env["ctsp.workday"]._between(first.date_due, today) >= after:
            rows.append({
                "key": escalated, "record": inspection, "level": "serious", "source": "deadline",
                "date_deadline": first.date_due, "owner_name": inspection.institution_id.name,
                "role_id": self.env.ref("ctsp_base.group_leader").id,
                "name": self.env._(
                    "Rectification still missing %(days)s working days after the due date: %(institution)s",
                    days=after, institution=inspection.institution_id.name),
            })
        return rows

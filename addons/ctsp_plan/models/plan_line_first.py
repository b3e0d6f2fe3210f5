from odoo import api, models
from odoo.tools import groupby

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_base.tools.language import in_record_language
from odoo.addons.ctsp_filing.models.deadline import OPEN as RUNNING_DEADLINE


class PlanLine(models.Model):
    """First inspections: lines arise from legal time limits and end with them."""

    _inherit = "ctsp.plan.line"

    @api.model
    def _from_deadlines(self, deadlines):
        """Make the lines of running ``deadlines`` that have none, one per filing; twice makes nothing new.

        Superuser: an approval makes them, not the planner.
        """
        wanted = deadlines.sudo().filtered(lambda row: row.state in RUNNING_DEADLINE and not row.plan_line_id)
        lines = self.sudo().browse()
        for _key, group in groupby(wanted, self._visit_key):
            together = self.env["ctsp.deadline"].sudo().browse([row.id for row in group])
            line = lines.create(self._first_values(together))
            together.plan_line_id = line
            lines |= line
        return lines

    @api.model
    def _visit_key(self, deadline):
        """Return what the limits served by one visit have in common: institution and filing."""
        return deadline.institution_id.id, deadline.filing_id.id, deadline.date_due

    @api.model
    def _first_values(self, deadlines):
        due = min(deadlines.mapped("date_due"))
        named = dict(deadlines._fields["reason"]._description_selection(in_record_language(self).env))
        reasons = [reason for reason in named if reason in deadlines.mapped("reason")]
        return {
            "plan_id": self.env["ctsp.plan"]._first_plan(min(deadlines.mapped("date_start")).year).id,
            "institution_id": deadlines.institution_id.id,
            "specialty_ids": deadlines.specialty_id.ids,
            "date_due": due,
            "reason": "、".join(named[reason] for reason in reasons),
        }

    @api.model
    def _cron_catch_up(self):
        """Every night: lines for limits that have none, due dates that moved, lines whose limits are all closed."""
        deadlines = self.env["ctsp.deadline"]
        self._from_deadlines(deadlines.search([
            ("state", "in", RUNNING_DEADLINE), ("plan_line_id", "=", False), ("kind", "=", "first_inspection")]))
        self.search([("kind", "=", "first"), ("state", "in", ("waiting", "assigned", "running"))])._follow_deadlines()
        self._raise_alerts()

    def _follow_deadlines(self):
        """Take over the earliest due date of the running limits; end lines whose limits have all ended."""
        for line in self.filtered("deadline_ids"):
            running = line.deadline_ids.filtered(lambda row: row.state in RUNNING_DEADLINE)
            if running and line.date_due != (due := min(running.mapped("date_due"))):
                line.date_due = due
            elif not running and line.state in ("waiting", "assigned"):
                line._end_with_deadlines()

    def _end_with_deadlines(self):
        """All limits are closed: met by another way, or their reason is gone."""
        met = self.deadline_ids.filtered(lambda row: row.state == "met")
        if met:
            self.done_on = max(met.mapped("date_closed"))
            self.run_transition("finish")
        else:
            self.run_transition("void", self.deadline_ids.filtered("note")[:1].note)

    def _meet_deadlines(self, day):
        """The inspection was approved: its legal time limits are met on the day of the visit."""
        self.deadline_ids._meet(day or clock.today(), self.env._("Inspected as planned: %s", self.plan_id.name))

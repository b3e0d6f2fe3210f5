from odoo import api, fields, models

from odoo.addons.ctsp_base.tools import clock, screen


class Plan(models.Model):
    """How far a plan is: counts by state and the share that is done."""

    _inherit = "ctsp.plan"

    line_count = fields.Integer("Planned", compute="_compute_figures")
    waiting_count = fields.Integer("To Assign", compute="_compute_figures")
    assigned_count = fields.Integer("Assigned", compute="_compute_figures")
    running_count = fields.Integer("Under Way", compute="_compute_figures")
    done_count = fields.Integer("Done", compute="_compute_figures")
    cancelled_count = fields.Integer("Cancelled", compute="_compute_figures")
    late_count = fields.Integer("Overdue", compute="_compute_figures")
    progress = fields.Integer("Done (%)", compute="_compute_figures", aggregator=None)
    change_count = fields.Integer("Number of Adjustments", compute="_compute_change_count")

    @api.depends("line_ids.state", "line_ids.date_due")
    def _compute_figures(self):
        """Cancelled inspections are no part of what is to be done."""
        lines, today = self.env["ctsp.plan.line"], clock.today()
        counts = {
            (plan.id, state): count for plan, state, count in
            lines._read_group([("plan_id", "in", self.ids)], ["plan_id", "state"], ["__count"])}
        late = dict(lines._read_group(
            [("plan_id", "in", self.ids), ("state", "in", ("waiting", "assigned", "running")),
             ("date_due", "<", today)], ["plan_id"], ["__count"]))
        for plan in self:
            for state in ("waiting", "assigned", "running", "done", "cancelled"):
                plan[f"{state}_count"] = counts.get((plan.id, state), 0)
            wanted = sum(plan[f"{state}_count"] for state in ("waiting", "assigned", "running", "done"))
            plan.line_count = wanted
            plan.late_count = late.get(plan, 0)
            plan.progress = round(100 * plan.done_count / wanted) if wanted else 0

    @api.depends("change_ids")
    def _compute_change_count(self):
        counts = screen.counted(self, "ctsp.plan.change", "plan_id")
        for plan in self:
            plan.change_count = counts.get(plan, 0)

    def action_open_lines(self):
        """Open the inspections of this plan, with the reader's own rights."""
        self.ensure_one()
        self.check_access("read")
        wanted = self.env.context.get("lines")
        domain = {"late": [("urgency", "in", ["late"])], "waiting": [("state", "=", "waiting")]}.get(wanted, [])
        return screen.opened(
            self, "ctsp_plan.ctsp_plan_line_action", [("plan_id", "=", self.id), *domain], name=self.name, path=False,
            context={"default_plan_id": self.id, "hide_plan": True})

    def action_open_changes(self):
        """Open the history of adjustments of this plan, with the reader's own rights."""
        self.ensure_one()
        self.check_access("read")
        return screen.opened(self, "ctsp_plan.ctsp_plan_change_action", [("plan_id", "=", self.id)])

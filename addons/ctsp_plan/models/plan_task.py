from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.ctsp_base.tools import clock


class PlanTask(models.Model):
    """A task of a plan beside its inspections: train inspectors, collect self-inspections, write the summary."""

    _name = "ctsp.plan.task"
    _description = "Task of a Plan"
    _inherit = ["ctsp.fixed.mixin"]
    _order = "plan_id, date_due, sequence, id"
    _fixed_by = "plan_id"

    plan_id = fields.Many2one("ctsp.plan", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    name = fields.Char("Task", required=True)
    user_id = fields.Many2one(
        "res.users", "Responsible", index="btree_not_null", domain="[('share', '=', False)]")
    date_due = fields.Date("Due")
    date_done = fields.Date("Done On", readonly=True, copy=False)
    done = fields.Boolean(compute="_compute_done", inverse="_inverse_done", store=True, readonly=False, copy=False)
    is_late = fields.Boolean("Late", compute="_compute_is_late")
    note = fields.Char()

    @api.model
    def _check_whole(self, whole):
        """Tasks of a closed plan stay as they are."""
        for plan in whole:
            if plan.state in ("done", "withdrawn"):
                raise UserError(self.env._("“%s” is closed: its tasks stay as they are.", plan.name))

    def _compute_done(self):
        for task in self:
            task.done = bool(task.date_done)

    def _inverse_done(self):
        for task in self:
            task.date_done = (task.date_done or clock.today()) if task.done else False

    def action_done(self):
        """Report the task as done (button): who is responsible, or a planner.

        Superuser: who is responsible has no right on plans; the day is all that is written.
        """
        self.check_access("read")
        for task in self:
            if task.user_id != self.env.user and not self.env.user.has_group("ctsp_base.group_planner"):
                raise AccessError(self.env._("“%s” is another person's task.", task.name))
        self.sudo().done = True
        return True

    def _compute_is_late(self):
        today = clock.today()
        for task in self:
            task.is_late = bool(task.date_due and task.date_due < today and not task.done)

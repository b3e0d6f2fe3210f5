from odoo import fields, models


class Plan(models.Model):
    """The task of the inspection system that a plan was made of."""

    _inherit = "ctsp.plan"

    admin_task_ids = fields.One2many("ctsp.admin.task", "plan_id", "Tasks of the Inspection System", readonly=True)
    admin_task_count = fields.Integer("Tasks Received", compute="_compute_admin_task_count")

    def _compute_admin_task_count(self):
        counts = dict(self.env["ctsp.admin.task"]._read_group([("plan_id", "in", self.ids)], ["plan_id"], ["__count"]))
        for plan in self:
            plan.admin_task_count = counts.get(plan, 0)

    def action_admin_tasks(self):
        """Open the task the plan was made of."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_window", "res_model": "ctsp.admin.task", "res_id": self.admin_task_ids[:1].id,
                "views": [(False, "form")]}

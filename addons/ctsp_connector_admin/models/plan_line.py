from odoo import fields, models


class PlanLine(models.Model):
    """The task of the inspection system that a planned inspection was made of."""

    _inherit = "ctsp.plan.line"

    admin_task_line_ids = fields.One2many(
        "ctsp.admin.task.line", "plan_line_id", "Rows of Tasks Received", readonly=True,
        groups="ctsp_base.group_regulator")

    def action_admin_task(self):
        """Open the task this inspection was made of."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_window", "res_model": "ctsp.admin.task",
                "res_id": self.admin_task_line_ids[:1].task_id.id, "views": [(False, "form")]}

    def _write_state(self, state, stamps, code, reason):
        """A task whose last inspection was assigned is nobody's to-do any more."""
        super()._write_state(state, stamps, code, reason)
        self.sudo().admin_task_line_ids.task_id._drop_todos()  # sudo: whoever makes the step

from odoo import models

from odoo.addons.ctsp_base.tools import clock

ACTIVITY = "ctsp_connector_admin.mail_activity_type_task"


class AdminTask(models.Model):
    """Planners are told of a task as it comes; it is among their to-dos until its inspections are assigned.

    Each of them has it: the one who comes to it first assigns, and the to-do of all is done.
    """

    _inherit = "ctsp.admin.task"

    def _to_assign(self):
        """Return the tasks in hand that wait for a planner."""
        return self.filtered(lambda task: task.state == "open" and (
            task.unmatched_count or "waiting" in task.line_ids.mapped("plan_line_state")))

    def _ask_planners(self):
        """Give each planner the task to do, in his language, where he does not have it (superuser: engine)."""
        planners = self.env.ref("ctsp_base.group_planner").all_user_ids.filtered(
            lambda user: user.active and not user.share)
        for task in self._to_assign():
            for user in planners - task.activity_ids.filtered(self._is_ours).user_id:
                own = task.with_context(mail_activity_quick_update=True, lang=user.lang or self.env.lang)
                own.activity_schedule(
                    ACTIVITY, task.date_due or clock.today(), user_id=user.id,
                    summary=own.env._("Assign the inspections of a task received"))
        self._drop_todos()

    def _drop_todos(self):
        """Take the to-dos of tasks away that wait for nobody. Superuser: they are the planners'."""
        (self - self._to_assign()).sudo().activity_unlink([ACTIVITY])

    def _is_ours(self, activity):
        return activity.activity_type_id == self.env.ref(ACTIVITY)

from odoo import models

from odoo.addons.ctsp_base.tools import clock

from ..tools import words

UNBEGUN = ("waiting", "assigned")


class AdminTask(models.Model):
    """A task becomes a plan: routine supervision, or a campaign for campaigns and transferred tasks."""

    _inherit = "ctsp.admin.task"

    def _to_plan(self):
        """Give each identified enterprise its planned inspection; publish the plan with its first one.

        Superuser: the task was decided by the regulator; planners assign it.
        """
        for task in self.sudo().filtered(lambda task: task.state == "open"):
            lines = task.line_ids.filtered(lambda line: not line.removed and line.institution_id)
            if not lines:
                continue
            if not task.plan_id:
                task.plan_id = task._make_plan()
            lines._to_plan_lines(task)
            if task.plan_id.state == "draft":
                task.plan_id.run_transition("publish")
            task._follow_date()

    def _make_plan(self):
        year = (self.date_due or clock.today()).year
        return self.env["ctsp.plan"].create({
            "kind": "routine" if self.kind == "routine" else "special", "year": year, "period": "year",
            "name": self.name, "basis": self.basis or self._where_from(), "scope": self._where_from()})

    def _where_from(self):
        return self.env._("Task %(number)s of the inspection system, issued by %(issuer)s",
                          number=self.number, issuer=self.issuer or self.env._("the regulator"))

    def _follow_date(self):
        """Give planned inspections that have not begun the task's new deadline."""
        lines = self.line_ids.plan_line_id.filtered(
            lambda line: line.state in UNBEGUN and line.date_due != self.date_due)
        if lines and self.date_due:
            lines.write({"date_due": self.date_due, "change_reason": self._where_from()})


class AdminTaskLine(models.Model):
    """What an enterprise of a task is in the plan, and what the issuer is told about it."""

    _inherit = "ctsp.admin.task.line"

    def _to_plan_lines(self, task):
        """Give enterprises their planned inspections, one to each institution, or have them planned again."""
        planned = {line.institution_id: line for line in reversed(task.plan_id.line_ids)}
        missing = self.institution_id.filtered(lambda one: one not in planned)
        planned |= {line.institution_id: line for line in self.env["ctsp.plan.line"].create([{
            "plan_id": task.plan_id.id, "institution_id": institution.id, "date_due": task.date_due,
            "reason": task.name, "change_reason": task._where_from()} for institution in missing])}
        new = self.browse()
        for line in self:
            untold = not line.plan_line_id
            line.plan_line_id = line.plan_line_id or planned[line.institution_id]
            if line.plan_line_id.state == "cancelled" and task.plan_id.state == "published":
                line.plan_line_id.run_transition("restore", task._where_from())  # tells the issuer by itself
            elif untold:
                new |= line
        new._tell()

    def _let_go(self, reason):
        """Give up the planned inspection of an enterprise that is another institution than was thought."""
        line = self.plan_line_id
        if line and not self.task_id.line_ids.filtered(lambda one: one != self and one.plan_line_id == line):
            self._call_off(reason)
        self.plan_line_id = False

    def _call_off(self, reason):
        """Call off what has not begun; what has begun goes on and is reported as it is."""
        line = self.plan_line_id
        if line.state in UNBEGUN:
            line.run_transition("cancel", reason)
        elif line.state == "running":
            self.task_id.message_post(body=self.env._(
                "%(institution)s: the inspection has begun and goes on. %(reason)s",
                institution=self.institution_id.name, reason=reason))

    def _tell(self):
        """Send the state of each enterprise to the issuer."""
        self.env["ctsp.exchange.message"]._send("task.status", "admin", *map(words.status_message, self))

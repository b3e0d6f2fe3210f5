from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_inspection.models.inspection_team import SENDERS


class PlanLine(models.Model):
    """Who inspects: a leader and members without a conflict of interest, free in the planned days."""

    _inherit = "ctsp.plan.line"

    leader_id = fields.Many2one(
        "ctsp.inspector", "Team Leader", index="btree_not_null", ondelete="restrict", tracking=True,
        domain="[('is_leader', '=', True)]")
    member_ids = fields.Many2many(
        "ctsp.inspector", "ctsp_plan_line_inspector_rel", "line_id", "inspector_id", "Team Members",
        domain="[('id', '!=', leader_id)]")
    draw_ids = fields.One2many("ctsp.inspector.draw", "plan_line_id", "Drawings", readonly=True)
    team_warning = fields.Text(compute="_compute_team_warning")
    is_mine = fields.Boolean("Assigned to Me", compute="_compute_is_mine", search="_search_is_mine")

    @api.model
    def _adjusted_fields(self):
        return (*super()._adjusted_fields(), "leader_id", "member_ids")

    def _team(self):
        return self.leader_id | self.member_ids

    def _visit_period(self):
        """Return the planned days, the due day when none are planned yet."""
        first = self.date_from or self.date_due or clock.today()
        return first, self.date_to or first

    @api.depends("leader_id", "member_ids", "institution_id", "date_from", "date_to", "state")
    @api.depends_context("uid")
    def _compute_team_warning(self):
        """Why members of the team should not be sent; asked for open lines only, told to who sends them."""
        told = self.env.su or self.env.user.has_groups(SENDERS)
        for line in self:
            unbegun = told and line.state in ("waiting", "assigned") and line.institution_id
            sentences = [reason.sentence for reason in line._team_reasons()] if unbegun else []
            clauses = unbegun and line._team() and line._checklist_warning()
            line.team_warning = "\n".join(filter(None, (clauses, *sentences))) or False

    def _team_reasons(self):
        """Return all reasons against the members of the team."""
        team = self._team()
        if not team:
            return []
        found = team._weighed(self.institution_id, self._visit_period(), but=self._origin)
        return [reason for member in team for reason in found[member._origin.id or member.id]]

    @api.depends_context("uid")
    def _compute_is_mine(self):
        for line in self:
            line.is_mine = self.env.user in line._team().user_id

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        mine = ["|", ("leader_id.user_id", "=", self.env.uid), ("member_ids.user_id", "=", self.env.uid)]
        return mine if True in value else ["!", *mine]

    @api.constrains("leader_id", "member_ids")
    def _check_leader_apart(self):
        for line in self:
            if line.leader_id in line.member_ids:
                raise UserError(self.env._(
                    "Team Members: %(name)s leads the team and is not listed again.", name=line.leader_id.name))

    def write(self, vals):
        """A team that changes while it is assigned is checked anew; a conflict of interest stops it."""
        result = super().write(vals)
        if {"leader_id", "member_ids", "date_from", "date_to"} & vals.keys():
            for line in self.filtered(lambda line: line.state == "assigned"):
                line._check_team()
        return result

    def _check_transition(self, transition):
        super()._check_transition(transition)
        if transition.code in ("assign", "reassign", "unassign") and self.plan_state != "published":
            raise UserError(self.env._("“%s” is not published: nothing is assigned from it.", self.plan_id.name))
        if transition.code in ("assign", "reassign"):
            self._check_team()

    def _check_team(self):
        """A leader, two people or more, nobody with a blocking reason.

        药品检查管理办法（试行）: 检查组由2名以上检查员组成，实行组长负责制.
        """
        if not self.leader_id:
            raise UserError(self.env._("Team Leader: name who leads the inspection of %s.", self.institution_id.name))
        if not self.member_ids:
            raise UserError(self.env._(
                "Team Members: the inspection of %s takes at least two inspectors.", self.institution_id.name))
        blocking = [reason.sentence for reason in self._team_reasons() if reason.blocking]
        if blocking:
            raise UserError("\n".join(blocking))

    def _take_team(self, leader, members, period, reason):
        """Write team and days, and make the step: the first assignment or another one."""
        line = self.with_context(change_reason=reason)
        code = "reassign" if line.state == "assigned" else "assign"
        line.write({
            "leader_id": leader.id, "member_ids": [Command.set(members.ids)],
            "date_from": period[0], "date_to": period[1]})
        line.run_transition(code, reason)

    # ---- telling the team -----------------------------------------------------------------------------------------

    def _after_assign(self, reason):
        self._tell_team()

    def _after_reassign(self, reason):
        self._drop_tasks()
        self._tell_team()

    def _after_unassign(self, reason):
        self._drop_tasks()

    def _after_cancel(self, reason):
        super()._after_cancel(reason)
        self._drop_tasks()

    def _after_void(self, reason):
        self._drop_tasks()

    def _after_finish(self, reason):
        self._drop_tasks()

    def _after_begin(self, reason):
        self._drop_tasks()

    def _tell_team(self):
        """Put the inspection among the tasks of the leader, in his language (superuser: it is not the planner's)."""
        user = self.leader_id.user_id
        if user:
            line = self.sudo().with_context(lang=user.lang or self.env.lang)
            line.activity_schedule(
                "ctsp_plan.mail_activity_type_plan", self.date_from or self.date_due, user_id=user.id,
                summary=line.env._("Inspect %s", line.institution_id.name))

    def _drop_tasks(self):
        """Superuser: the task is the leader's."""
        self.sudo().activity_unlink(["ctsp_plan.mail_activity_type_plan"])

    def action_assign(self):
        """Open the dialog that names the team of these inspections (button)."""
        self.check_access("write")
        return {
            "type": "ir.actions.act_window", "res_model": "ctsp.plan.assign", "views": [(False, "form")],
            "target": "new", "name": self.env._("Assign Inspections"),
            "context": {"default_line_ids": self.ids, "dialog_size": "extra-large"},
        }

from odoo import api, fields, models
from odoo.fields import Command

from odoo.addons.ctsp_base.tools import clock


class PlanAssignRow(models.TransientModel):
    """The team and the days of one inspection in the dialog, with what speaks against them."""

    _name = "ctsp.plan.assign.row"
    _description = "Team to Assign"

    wizard_id = fields.Many2one("ctsp.plan.assign", required=True, ondelete="cascade", index=True)
    line_id = fields.Many2one("ctsp.plan.line", "Inspection", required=True, ondelete="cascade")
    date_due = fields.Date(related="line_id.date_due")
    leader_id = fields.Many2one("ctsp.inspector", "Team Leader", domain="[('is_leader', '=', True)]")
    member_ids = fields.Many2many(
        "ctsp.inspector", "ctsp_plan_assign_row_member_rel", "row_id", "inspector_id", "Members",
        domain="[('id', '!=', leader_id)]")
    date_from = fields.Date("From")
    date_to = fields.Date("Until")
    lack = fields.Selection(
        [("leader", "No leader is free"), ("members", "Too few inspectors are free")], readonly=True)
    draw_id = fields.Many2one("ctsp.inspector.draw", "Drawing", readonly=True, ondelete="set null")
    warning = fields.Text(compute="_compute_warning")

    @api.depends("line_id", "leader_id", "member_ids", "date_from", "date_to")
    def _compute_warning(self):
        lacks = dict(self._fields["lack"]._description_selection(self.env))
        for row in self:
            team = (row.leader_id | row.member_ids)._origin
            first = row.date_from or row.line_id.date_due or fields.Date.context_today(self)
            found = team._reasons(row.line_id.institution_id, (first, row.date_to or first), but=row.line_id._origin)
            sentences = [reason.sentence for member in team for reason in found[member.id]]
            sentences += [
                self.env._("%s has no account: without a declaration nothing can be handed in.", member.name)
                for member in team if not member.user_id]
            sentences = (lacks.get(row.lack), row.line_id._checklist_warning(), *sentences)
            row.warning = "\n".join(filter(None, sentences)) or False

    @api.onchange("date_from")
    def _onchange_date_from(self):
        if self.date_from and (not self.date_to or self.date_to < self.date_from):
            self.date_to = self.date_from

    def _period(self):
        """Return the days of the visit, the due day when none are named yet."""
        first = self.date_from or self.line_id.date_due or clock.today()
        return first, self.date_to or first

    def _draw(self, wizard):
        """Draw a team and keep the drawing, an earlier one being void; nothing is assigned yet."""
        self._drop_drawing(self.env._("Drawn again"))
        first, last = self._period()
        draw = self.env["ctsp.inspector.draw"].create({
            "plan_line_id": self.line_id.id, "institution_id": self.line_id.institution_id.id,
            "date_from": first, "date_to": last, "occasion": wizard.occasion,
            "seed": f"{wizard.seed}/{self.line_id.id}", "pool_ids": [Command.set(wizard.candidate_ids.ids)],
            "slot_ids": [Command.create({"role": "leader", "count": 1}),
                         Command.create({"role": "member", "count": wizard.size - 1})]})
        draw.run_transition("draw")
        leader, members = draw._drawn("leader"), draw._drawn("member")
        short = len(members) < wizard.size - 1 and "members"
        self.write({
            "draw_id": draw.id, "leader_id": leader.id, "member_ids": [Command.set(members.ids)], "date_from": first,
            "date_to": last, "lack": short if leader else "leader"})

    def _drop_drawing(self, reason):
        if self.draw_id.state == "drawn":
            self.draw_id.run_transition("void", reason)

    def _is_as_drawn(self):
        """Say whether team and days are those of the drawing, so that it can be said that they were drawn."""
        draw = self.draw_id
        return draw.state == "drawn" and not draw._missing() and (
            (self.leader_id, self.member_ids, self._period())
            == (draw._drawn("leader"), draw._drawn("member"), (draw.date_from, draw.date_to)))

    def _apply(self, reason):
        """Assign the visit: by the drawing where it stands as drawn, else by hand."""
        if self._is_as_drawn():
            self.draw_id.run_transition("apply", reason)
            return
        self._drop_drawing(self.env._("Another team was named by hand."))
        last = self.date_to or self.date_from
        self.line_id._take_team(
            self.leader_id, self.member_ids, (self.date_from, last), reason or self.env._("Assigned"))

from odoo import api, fields, models


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
    warning = fields.Text(compute="_compute_warning")

    @api.depends("line_id", "leader_id", "member_ids", "date_from", "date_to")
    def _compute_warning(self):
        lacks = dict(self._fields["lack"]._description_selection(self.env))
        for row in self:
            team = (row.leader_id | row.member_ids)._origin
            first = row.date_from or row.line_id.date_due or fields.Date.context_today(self)
            found = team._reasons(row.line_id.institution_id, (first, row.date_to or first), but=row.line_id._origin)
            sentences = [reason.sentence for member in team for reason in found[member.id]]
            row.warning = "\n".join(filter(None, (lacks.get(row.lack), *sentences))) or False

    @api.onchange("date_from")
    def _onchange_date_from(self):
        if self.date_from and (not self.date_to or self.date_to < self.date_from):
            self.date_to = self.date_from

    def _apply(self, reason):
        """Write the team and make the step."""
        line = self.line_id.with_context(change_reason=reason)
        code = "reassign" if line.state == "assigned" else "assign"
        line.write({
            "leader_id": self.leader_id.id, "member_ids": [fields.Command.set(self.member_ids.ids)],
            "date_from": self.date_from, "date_to": self.date_to or self.date_from})
        line.run_transition(code, reason)

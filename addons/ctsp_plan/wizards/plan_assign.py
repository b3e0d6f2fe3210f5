import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools.draw import Candidate, Visit, draw


class PlanAssign(models.TransientModel):
    """Dialog: name the teams of the chosen inspections, by hand or by a drawing that anybody can repeat."""

    _name = "ctsp.plan.assign"
    _description = "Assign Inspections"

    line_ids = fields.Many2many("ctsp.plan.line", string="Inspections", required=True)
    row_ids = fields.One2many("ctsp.plan.assign.row", "wizard_id", "Teams", compute="_compute_row_ids", store=True,
                              readonly=False)
    mode = fields.Selection([("hand", "By Hand"), ("draw", "By Drawing")], required=True, default="hand")
    size = fields.Integer("People per Team", default=2, help="The leader included.")
    seed = fields.Char(default=lambda self: secrets.token_hex(4),
                       help="The same seed with the same candidates gives the same teams.")
    candidate_ids = fields.Many2many(
        "ctsp.inspector", string="Candidates", help="Left empty: all inspectors of the register.")
    leader_id = fields.Many2one("ctsp.inspector", "Leader for All", domain="[('is_leader', '=', True)]")
    member_ids = fields.Many2many(
        "ctsp.inspector", "ctsp_plan_assign_member_rel", "wizard_id", "inspector_id", "Members for All",
        domain="[('id', '!=', leader_id)]")
    needs_reason = fields.Boolean(compute="_compute_needs_reason")
    reason = fields.Char("Reason for the Change")

    @api.depends("line_ids")
    def _compute_row_ids(self):
        for wizard in self:
            wizard.row_ids = [Command.clear(), *(Command.create(wizard._row_values(line)) for line in wizard.line_ids)]

    @api.model
    def _row_values(self, line):
        return {
            "line_id": line._origin.id, "leader_id": line.leader_id.id,
            "member_ids": [Command.set(line.member_ids.ids)], "date_from": line.date_from, "date_to": line.date_to}

    @api.depends("line_ids")
    def _compute_needs_reason(self):
        """Naming a team for the first time is no adjustment; changing one of a published plan is."""
        for wizard in self:
            wizard.needs_reason = any(
                line.state == "assigned" and line.needs_change_reason for line in wizard.line_ids)

    @api.onchange("leader_id", "member_ids")
    def _onchange_team(self):
        for row in self.row_ids:
            if self.leader_id:
                row.leader_id = self.leader_id
            if self.member_ids:
                row.member_ids = self.member_ids

    # ---- drawing --------------------------------------------------------------------------------------------------

    def action_draw(self):
        """Fill the rows by the drawing (button); nothing is assigned yet."""
        self.ensure_one()
        self.check_access("write")
        if self.size < 2:
            raise UserError(self.env._("People per Team: at least two inspectors go."))
        visits = [self._visit(row) for row in self.row_ids.sorted(lambda row: row.line_id.id)]
        teams = {team.visit: team for team in draw(visits, self._candidates(), self.size, self.seed or "")}
        for row in self.row_ids:
            team = teams[row.line_id.id]
            row.write({"leader_id": team.leader, "member_ids": [Command.set(team.members)], "lack": team.lack or False})
        return self._reopen()

    def _people(self):
        return self.candidate_ids or self.env["ctsp.inspector"].search([])

    def _visit(self, row):
        """Return the visit of ``row`` with those barred from it: whoever has a blocking reason."""
        line = row.line_id
        first = row.date_from or line.date_due or fields.Date.context_today(self)
        last = row.date_to or first
        reasons = self._people()._weighed(line.institution_id, (first, last), but=line)
        barred = frozenset(
            person for person, found in reasons.items() if any(reason.blocking for reason in found))
        return Visit(line.id, first, last, barred)

    def _candidates(self):
        """Return the candidates with their open inspections and the days these take."""
        lines = self.env["ctsp.plan.line"].search([
            ("state", "in", ("assigned", "running")), ("id", "not in", self.line_ids.ids)])
        load, taken = {}, {}
        for line in lines:
            for person in line._team().ids:
                load[person] = load.get(person, 0) + 1
                if line.date_from:
                    taken.setdefault(person, []).append((line.date_from, line.date_to or line.date_from))
        return [
            Candidate(person.id, person.is_leader, load.get(person.id, 0), tuple(taken.get(person.id, ())))
            for person in self._people()]

    def _reopen(self):
        return {
            "type": "ir.actions.act_window", "res_model": self._name, "res_id": self.id, "views": [(False, "form")],
            "target": "new", "name": self.env._("Assign Inspections"), "context": {"dialog_size": "extra-large"}}

    # ---- assigning ------------------------------------------------------------------------------------------------

    def action_apply(self):
        """Assign or reassign all rows, all or none (button); the workflow checks rights and conflicts."""
        self.ensure_one()
        if self.needs_reason and not self.reason:
            raise UserError(self.env._("Reason for the Change: the plan is published, say why a team changes."))
        for row in self.row_ids:
            row._apply(self._spoken_reason())
        return {"type": "ir.actions.act_window_close"}

    def _spoken_reason(self):
        drawn = self.mode == "draw" and self.env._("Drawn with seed %s", self.seed)
        return self.env._("; ").join(filter(None, (self.reason, drawn))) or self.env._("Assigned")

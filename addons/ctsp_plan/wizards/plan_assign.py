import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class PlanAssign(models.TransientModel):
    """Dialog: name the teams of the chosen inspections, by hand or by drawings that are kept and anybody can repeat."""

    _name = "ctsp.plan.assign"
    _description = "Assign Inspections"

    line_ids = fields.Many2many("ctsp.plan.line", string="Inspections", required=True)
    row_ids = fields.One2many("ctsp.plan.assign.row", "wizard_id", "Teams", compute="_compute_row_ids", store=True,
                              readonly=False)
    mode = fields.Selection([("hand", "By Hand"), ("draw", "By Drawing")], required=True, default="hand")
    size = fields.Integer("People per Team", default=2, help="The leader included.")
    seed = fields.Char(
        required=True, default=lambda self: secrets.token_hex(8),
        help="Each visit is drawn with this seed, a slash and the visit's number. May be replaced before drawing, "
        "e.g. by a number that witnesses agree on.")
    occasion = fields.Char(readonly=True, default=lambda self: secrets.token_hex(16))
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
        """Fill the rows by drawings (button), each of which is kept; nothing is assigned yet."""
        self.ensure_one()
        self.check_access("write")
        if self.size < 2:
            raise UserError(self.env._("People per Team: at least two inspectors go."))
        for row in self.row_ids.sorted(lambda row: row.line_id.id):
            row._draw(self)
        return self._reopen()

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
            row._apply(self.reason)
        return {"type": "ir.actions.act_window_close"}

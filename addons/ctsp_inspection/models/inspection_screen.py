from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.ctsp_clause.tools import codes

from .inspection import RECORDING


class Inspection(models.Model):
    """What screens show: progress, numbers of findings, buttons; and the public reading side of recording."""

    _inherit = "ctsp.inspection"

    line_count = fields.Integer("Number of Clauses", compute="_compute_progress")
    checked_count = fields.Integer("Checked", compute="_compute_progress")
    progress = fields.Integer("Checked (%)", compute="_compute_progress")
    finding_count = fields.Integer("Number of Findings", compute="_compute_finding_count")
    evidence_count = fields.Integer("Pieces of Evidence", compute="_compute_evidence_count")
    may_record = fields.Boolean(compute="_compute_may_record")
    may_lead = fields.Boolean(compute="_compute_may_record")
    return_reason = fields.Text("Why It Was Returned", compute="_compute_return_reason")
    my_declaration = fields.Selection(
        "_selection_declaration", string="My Declaration", compute="_compute_may_record")

    @api.model
    def _selection_declaration(self):
        return self.env["ctsp.inspection.member"]._fields["declaration"]._description_selection(self.env)

    def _compute_progress(self):
        """One grouped query for all records."""
        groups = self.env["ctsp.inspection.line"]._read_group(
            [("inspection_id", "in", self.ids)], ["inspection_id", "result"], ["__count"])
        counts = {(inspection.id, result): count for inspection, result, count in groups}
        for inspection in self:
            found = {code: counts.get((inspection._origin.id, code), 0) for code, _label in codes.results(self.env)}
            inspection.line_count = sum(found.values())
            inspection.checked_count = inspection.line_count - found["unchecked"]
            inspection.progress = round(100 * inspection.checked_count / (inspection.line_count or 1))

    def _compute_finding_count(self):
        counts = dict(self.env["ctsp.finding"]._read_group(
            [("inspection_id", "in", self.ids), ("state", "!=", "dropped")], ["inspection_id"], ["__count"]))
        for inspection in self:
            inspection.finding_count = counts.get(inspection._origin, 0)

    def _compute_evidence_count(self):
        counts = dict(self.env["ctsp.inspection.evidence"]._read_group(
            [("inspection_id", "in", self.ids)], ["inspection_id"], ["__count"]))
        for inspection in self:
            inspection.evidence_count = counts.get(inspection._origin, 0)

    @api.depends("state")
    def _compute_return_reason(self):
        for inspection in self:
            returned = inspection.transition_log_ids.filtered(lambda row: row.transition == "return")
            inspection.return_reason = inspection.state == "returned" and returned.sorted("id")[-1:].reason

    @api.depends("state", "member_ids.role", "member_ids.declaration")
    @api.depends_context("uid")
    def _compute_may_record(self):
        """One query for all records, see :meth:`_can_record` and :meth:`_is_led`."""
        # superuser: the rows are the user's own
        members = self.env["ctsp.inspection.member"].sudo().search(
            [("inspection_id", "in", self.ids), ("user_id", "=", self.env.uid)])
        own = {member.inspection_id.id: member for member in members}
        for inspection in self:
            member = own.get(inspection._origin.id)
            inspection.may_record = (
                bool(member) and member._is_recording() and inspection._origin.state in RECORDING)
            inspection.may_lead = inspection.may_record and member.role == "leader"
            inspection.my_declaration = member.declaration if member else False

    # ---- buttons --------------------------------------------------------------------------------------------------

    def action_record(self):
        """Open the recording screen."""
        self.check_access("read")
        self.ensure_one()
        return {
            "type": "ir.actions.client", "tag": "ctsp_inspection.record", "name": self.display_name,
            "path": "recording", "context": {"active_id": self.id}}

    def action_propose(self):
        """Propose conclusions anew from the findings as they are. For the team, while it records."""
        self.check_access("read")
        for inspection in self:
            if not inspection._can_record():
                raise AccessError(self.env._("Only the team of %s does this.", inspection.display_name))
            inspection._conclusions_refresh()
        return True

    def _conclusions_refresh(self):
        """Make the rows of what was checked and propose anew. Superuser: the proposal is the system's own."""
        inspection = self.sudo()
        self.env["ctsp.inspection.conclusion"].sudo()._make(inspection)
        inspection.conclusion_ids._refresh()

    def action_declare_none(self):
        """Declare for oneself that no conflict of interest exists."""
        return self._declaring().declare(False)

    def action_declare_conflict(self):
        """Open the dialog in which one declares a conflict of interest for oneself."""
        self._declaring()
        return {
            "type": "ir.actions.act_window", "res_model": "ctsp.inspection.declare", "views": [(False, "form")],
            "target": "new", "name": self.env._("Declare a Conflict of Interest"),
            "context": {"default_inspection_id": self.id}}

    def _declaring(self):
        self.check_access("read")
        member = self._own_member().with_env(self.env)
        if not member:
            raise UserError(self.env._("You are not on the team of %s.", self.display_name))
        return member

    def action_open_findings(self):
        return self._open_part("ctsp_inspection.ctsp_finding_action")

    def action_open_evidence(self):
        return self._open_part("ctsp_inspection.ctsp_inspection_evidence_action")

    def action_open_lines(self):
        return self._open_part("ctsp_inspection.ctsp_inspection_line_action")

    def _open_part(self, action):
        self.check_access("read")
        window = self.env["ir.actions.act_window"]._for_xml_id(action)
        return {**window, "domain": [("inspection_id", "in", self.ids)], "context": {}}

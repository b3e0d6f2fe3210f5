from odoo import fields, models

from odoo.addons.ctsp_base.tools import screen


class Finding(models.Model):
    """What the form of a finding shows beside it: its rule, its evidence, its rectification."""

    _inherit = "ctsp.finding"

    basis = fields.Text("Legal Basis", related="clause_id.basis")
    evidence_count = fields.Integer("Pieces of Evidence", compute="_compute_evidence_count")

    def _compute_evidence_count(self):
        counts = screen.counted(self.line_id, "ctsp.inspection.evidence", "line_id")
        for finding in self:
            finding.evidence_count = counts.get(finding.line_id, 0)

    def action_open_evidence(self):
        """Open the photos, files and voice notes of the clause."""
        self.check_access("read")
        return screen.opened(
            self, "ctsp_inspection.ctsp_inspection_evidence_action", [("line_id", "in", self.line_id.ids)])

    def action_open_rectification(self):
        """Open how the institution rectifies this finding."""
        self.check_access("read")
        window = screen.opened(self, "ctsp_inspection.ctsp_rectification_action", [("finding_id", "in", self.ids)])
        if len(self.rectification_ids) == 1:
            return {**window, "res_id": self.rectification_ids.id, "views": [(False, "form")]}
        return window

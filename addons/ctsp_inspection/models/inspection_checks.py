from odoo import models

from odoo.addons.ctsp_risk.tools.registry import Finding, check

NAMED = 5


class Inspection(models.Model):
    """What must be in order before an inspection is handed in."""

    _inherit = "ctsp.inspection"

    def _failing_lines(self, domain):
        """Return ``{inspection id: lines}`` of the lines that match, for all inspections in one query."""
        lines = self.env["ctsp.inspection.line"].search([("inspection_id", "in", self.ids), *domain])
        return lines.grouped("inspection_id")

    def _named_lines(self, lines):
        """Return the first clauses by name, and how many more there are."""
        names = "、".join(filter(None, (line.number for line in lines[:NAMED])))
        return self.env._("%(clauses)s and %(more)s more", clauses=names, more=len(lines) - NAMED) if len(
            lines) > NAMED else names

    @check("inspection.team", minimum=2)
    def _check_team(self, minimum):
        """At least two inspectors (药品检查管理办法: 检查组一般由2名以上检查员组成)."""
        for inspection in self:
            inspectors = inspection.member_ids.filtered(lambda row: row.role != "observer")
            if len(inspectors) < minimum:
                yield Finding(inspection, "member_ids", self.env._(
                    "The team has %(count)s inspectors, at least %(minimum)s are needed.",
                    count=len(inspectors), minimum=minimum))

    @check("inspection.declarations")
    def _check_declarations(self):
        """Every member declared that no conflict of interest exists (回避)."""
        for inspection in self:
            for member in inspection.member_ids:
                if member.declaration == "pending":
                    yield Finding(inspection, "member_ids", self.env._(
                        "%(inspector)s has not declared whether a conflict of interest exists.",
                        inspector=member.inspector_id.name))
                elif member.declaration == "conflict" and member.role != "observer":
                    yield Finding(inspection, "member_ids", self.env._(
                        "%(inspector)s declared a conflict of interest and must be replaced.",
                        inspector=member.inspector_id.name))

    @check("inspection.critical_checked")
    def _check_critical_checked(self):
        """No critical clause (★★) is left unchecked."""
        failing = self._failing_lines([("clause_grade", "=", "critical"), ("result", "=", "unchecked")])
        for inspection, lines in failing.items():
            yield Finding(inspection, "line_ids", self.env._(
                "Critical clauses are not checked yet: %(clauses)s", clauses=self._named_lines(lines)))

    @check("inspection.unchecked")
    def _check_unchecked(self):
        """Other clauses that are left unchecked are pointed out."""
        failing = self._failing_lines([("clause_grade", "!=", "critical"), ("result", "=", "unchecked")])
        for inspection, lines in failing.items():
            yield Finding(inspection, "line_ids", self.env._(
                "Clauses are not checked yet: %(clauses)s", clauses=self._named_lines(lines)))

    @check("inspection.described")
    def _check_described(self):
        """What does not conform is described."""
        failing = self._failing_lines([("result", "=", "nonconform"), ("description", "=", False)])
        for inspection, lines in failing.items():
            yield Finding(inspection, "line_ids", self.env._(
                "Say what was found on: %(clauses)s", clauses=self._named_lines(lines)))

    @check("inspection.photos")
    def _check_photos(self):
        """A clause that asks for a photo has one, once it was checked."""
        failing = self._failing_lines([
            ("photo_required", "=", True), ("result", "in", ("conform", "nonconform")),
            ("evidence_ids", "not any", [("kind", "=", "photo")])])
        for inspection, lines in failing.items():
            yield Finding(inspection, "evidence_ids", self.env._(
                "A photo is missing on: %(clauses)s", clauses=self._named_lines(lines)))

    @check("inspection.conclusions")
    def _check_conclusions(self):
        """The leader decided on the institution and each specialty, and says why where he differs (判定原则)."""
        for inspection in self:
            if not inspection.conclusion_ids:
                yield Finding(inspection, "conclusion_ids", self.env._("No conclusion is drawn yet."))
            for row in inspection.conclusion_ids:
                if not row.decided:
                    yield Finding(inspection, "conclusion_ids", self.env._(
                        "%(subject)s: the conclusion is missing.", subject=row.subject))
                elif row.decided != row.proposed and row.proposed and not row.reason:
                    yield Finding(inspection, "conclusion_ids", self.env._(
                        "%(subject)s: the conclusion differs from the proposal, please say why.", subject=row.subject))

    @check("inspection.account")
    def _check_account(self):
        """The report needs an account of what was inspected."""
        for inspection in self:
            if not inspection.summary:
                yield Finding(inspection, "summary", self.env._("Please tell briefly what was inspected."))

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

    def _required_grades(self):
        """Return the grades of clauses that must be checked (必查): a dated parameter, of the day of the inspection."""
        return self.env["ctsp.parameter"]._get("inspection.required_grades", on=self.date_start or None)

    @check("inspection.lines")
    def _check_lines(self):
        """There are clauses, and some were checked: nothing is concluded from nothing."""
        for inspection in self:
            if not inspection.line_ids:
                yield Finding(inspection, "line_ids", self.env._("The inspection has no clauses to check."))
            elif not self.env["ctsp.inspection.conclusion"]._subjects(inspection):
                yield Finding(inspection, "line_ids", self.env._("No clause was checked yet."))

    @check("inspection.subjects")
    def _check_subjects(self):
        """A specialty or trial that was to be inspected, and on which nothing was checked, is pointed out."""
        for inspection in self:
            subjects = self.env["ctsp.inspection.conclusion"]._subjects(inspection)
            named = [("specialty_ids", row, ("specialty", row.id, False)) for row in inspection.specialty_ids]
            named += [("trial_ids", row, ("trial", False, row.id)) for row in inspection.trial_ids]
            for field, row, key in named:
                if key not in subjects:
                    yield Finding(inspection, field, self.env._(
                        "%(subject)s: no clause was checked, so no conclusion is drawn.", subject=row.display_name))

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
                    without = not member.user_id and self.env._(
                        "%(inspector)s has no account to declare with: have one opened, or send somebody else.",
                        inspector=member.inspector_id.name)
                    yield Finding(inspection, "member_ids", without or self.env._(
                        "%(inspector)s has not declared whether a conflict of interest exists.",
                        inspector=member.inspector_id.name))
                elif member.declaration == "conflict" and member.role != "observer":
                    yield Finding(inspection, "member_ids", self.env._(
                        "%(inspector)s declared a conflict of interest and must be replaced.",
                        inspector=member.inspector_id.name))

    @check("inspection.critical_checked")
    def _check_critical_checked(self):
        """No clause of a grade that must be checked (★★, by parameter others) is left unchecked."""
        for inspection, lines in self._failing_lines([("result", "=", "unchecked")]).items():
            required = lines.filtered(lambda line, of=inspection: line.clause_grade in of._required_grades())
            if required:
                yield Finding(inspection, "line_ids", self.env._(
                    "Clauses that must be checked are not checked yet: %(clauses)s",
                    clauses=self._named_lines(required)))

    @check("inspection.unchecked")
    def _check_unchecked(self):
        """Other clauses that are left unchecked are pointed out."""
        for inspection, lines in self._failing_lines([("result", "=", "unchecked")]).items():
            others = lines.filtered(lambda line, of=inspection: line.clause_grade not in of._required_grades())
            if others:
                yield Finding(inspection, "line_ids", self.env._(
                    "Clauses are not checked yet: %(clauses)s", clauses=self._named_lines(others)))

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
                if row.asks_system and not row.sound_system:
                    yield Finding(inspection, "conclusion_ids", self.env._(
                        "%(subject)s: say whether the quality system is sound.", subject=row.subject))
                elif row.sound_system == "unsound" and not row.system_reason:
                    yield Finding(inspection, "conclusion_ids", self.env._(
                        "%(subject)s: say why the quality system is not sound.", subject=row.subject))
                if row.decided and row.proposed and row.decided != row.proposed and not row.reason:
                    yield Finding(inspection, "conclusion_ids", self.env._(
                        "%(subject)s: the conclusion differs from the proposal, please say why.", subject=row.subject))

    @check("inspection.account")
    def _check_account(self):
        """The report needs an account of what was inspected."""
        for inspection in self:
            if not inspection.summary:
                yield Finding(inspection, "summary", self.env._("Please tell briefly what was inspected."))

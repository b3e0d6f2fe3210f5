from odoo import models

from odoo.addons.ctsp_base.tools import clock

from ..tools import paper_words as words

MAX_PHOTOS = 12
BLANK_ROWS = 12


class Inspection(models.Model):
    """What the papers of an inspection show. ``paper_guide`` documents the same names for the editor of templates."""

    _inherit = "ctsp.inspection"

    def _document_values(self, code):
        """Return the values of a paper.

        Superuser: a paper shows the whole inspection to those who may make or read it; both was checked before.
        """
        self.ensure_one()
        record = self.sudo()
        values = {
            **record._paper_institution(), **record._paper_inspection(), **record._paper_team(),
            **record._paper_findings(), **record._evaluation_facts(), **record._paper_rectification(),
            "today": clock.today().isoformat(),
        }
        if code == "clause_sheet":
            values["lines"] = record._paper_lines()
        if code == "inspection_report":
            values["pictures"] = record._paper_pictures()
        if code == "delivery_receipt":
            values["deliveries"] = [
                {"no": at, "name": paper.name, "number": paper.number, "copies": 1}
                for at, paper in enumerate(record._delivered(), 1)]
        if code == "meeting_sheet":
            values["blank_rows"] = [
                {"no": at, "name": "", "post": "", "first": "", "last": ""} for at in range(1, BLANK_ROWS + 1)]
        return values

    def _paper_institution(self):
        institution = self.institution_id
        sites = self.site_ids or institution.site_ids.filtered("is_main") or institution.site_ids[:1]
        return {
            "institution": institution.name, "record_no": institution.record_no or "", "uscc": institution.uscc or "",
            "address": institution.address or sites[:1].address or "", "phone": institution.office_phone or "",
            "sites": "；".join(f"{site.name}：{site.address}" for site in sites) or institution.address or "",
        }

    def _paper_inspection(self):
        library = self.library_id or self.checklist_id.library_id
        return {
            "inspection_no": self.number or "", "inspection_name": self.name, "kind": words.KINDS.get(self.kind, ""),
            "source": words.SOURCES.get(self.source, "") + (f"（{self.source_ref}）" if self.source_ref else ""),
            "basis": self.basis or words.BASIS, "purpose": self.purpose or "", "year_line": self._paper_year_line(),
            "period": words.period(self.date_start, self.date_end) or words.period(
                self.date_planned_from, self.date_planned_to),
            "specialties": "、".join(self.specialty_ids.mapped("name")), "scope": self._paper_scope(),
            "library": " ".join(filter(None, (library.name, library.number))),
            "trials": [{
                "no": at, "name": trial.name, "ctr_no": trial.ctr_no or "", "drug": trial.drug_name or "",
                "sponsor": trial.sponsor_names or ""} for at, trial in enumerate(self.trial_ids, 1)],
            "attendants": self.attendants or "", "summary": self.summary or "", "conclusion": self.conclusion or "",
            "handling": self.handling or "", "handling_note": self.handling_note or "",
        }

    def _paper_year_line(self):
        """Return how many inspections of the institution this year this one makes (本年度第N次)."""
        day = self.date_start or self.date_planned_from
        if not day:
            return ""
        count = self.search_count([
            ("institution_id", "=", self.institution_id.id), ("state", "!=", "cancelled"), ("id", "!=", self.id),
            ("date_start", ">=", day.replace(month=1, day=1)), ("date_start", "<=", day)])
        return f"第{count + 1}次"

    def _paper_scope(self):
        parts = ["机构"]
        if self.specialty_ids:
            parts.append("专业：" + "、".join(self.specialty_ids.mapped("name")))
        if self.trial_ids:
            parts.append(f"试验项目{len(self.trial_ids)}项")
        return "；".join(parts)

    def _paper_team(self):
        rows = self.member_ids.sorted(lambda row: (row.sequence, row.id))
        own = rows.filtered(lambda row: row.role != "observer")
        return {
            "team": [{
                "no": at, "name": row.inspector_id.name, "role": words.ROLES[row.role],
                "certificate": self._paper_certificate(row.inspector_id), "unit": row.inspector_id.unit or "",
            } for at, row in enumerate(rows, 1)],
            "leader": self.leader_id.name or "", "inspectors": "、".join(own.mapped("inspector_id.name")),
            "team_line": "、".join(f"{row.inspector_id.name}（{words.ROLES[row.role]}）" for row in rows),
        }

    def _paper_certificate(self, inspector):
        """Return the number of the certificate that is valid on the day of the inspection, else the inspector's own."""
        day = self.date_start or self.date_planned_from or clock.today()
        valid = inspector.certificate_ids.filtered(lambda row: not row.valid_to or row.valid_to >= day)
        return valid[:1].number or inspector.code or ""

    def _paper_findings(self):
        rows = self._lines_found().sorted(_weight)
        objections = {row.line_id: row.objection or "" for row in self.finding_ids}
        results = dict(self.env["ctsp.inspection.line"]._read_group(
            [("inspection_id", "=", self.id)], ["result"], ["__count"]))
        counts = {result: results.get(result, 0) for result in words.RESULTS}
        counts |= {grade: len(rows.filtered(lambda row, g=grade: row.grade == g)) for grade in words.DEFECTS}
        counts |= {"total": len(rows), "lines": sum(results.values())}
        return {
            "counts": counts, "totals": words.totals(counts), "defect_line": words.defects(counts),
            "findings": [{
                "no": at, "grade": words.DEFECTS[row.grade], "subject": self._paper_subject(row),
                "number": row.number or "", "point": row.point or "", "description": row.description or "",
                "basis": row.clause_id.basis or "", "objection": objections.get(row, ""),
            } for at, row in enumerate(rows, 1)],
            "objections_recorded": [
                {"number": row.number or "", "objection": objections[row]} for row in rows if objections.get(row)],
            "conclusions": [{
                "subject": self._paper_subject(row), "critical": row.critical, "major": row.major, "minor": row.minor,
                "conclusion": words.CONCLUSIONS.get(row.decided, ""), "reason": row.reason or "",
            } for row in self.conclusion_ids],
            "systems": [{
                "subject": self._paper_subject(row), "state": words.SYSTEMS[row.sound_system],
                "reason": row.system_reason or "",
            } for row in self.conclusion_ids if row.sound_system],
        }

    def _paper_subject(self, row):
        name = row.specialty_id.name or row.trial_id.name
        label = words.OBJECTS.get(row.object, "")
        return f"{label}：{name}" if name else label

    def _paper_rectification(self):
        """Return what became of the findings that were issued."""
        rows = self.rectification_ids.sorted(lambda row: _weight(row.finding_id))
        return {"rectifications": [{
            "no": at, "grade": words.DEFECTS.get(row.grade, ""), "description": row.finding_description or "",
            "correction": row.correction or "", "state": words.RECTIFICATION.get(row.state, "")}
            for at, row in enumerate(rows, 1)]}

    def _paper_lines(self):
        return [{
            "no": at, "section": line.section or "", "number": line.number or "", "point": line.point or "",
            "content": line.content or "", "text": "\n".join(filter(None, (
                self._paper_subject(line) if line.object != "institution" else "", line.point, line.content))),
            "grade": words.GRADES.get(line.clause_grade, ""), "result": words.RESULTS[line.result],
            "description": line.description or ""}
            for at, line in enumerate(self.line_ids.sorted(lambda row: (row.sequence, row.id)), 1)]

    def _paper_pictures(self):
        rows = self.evidence_ids.filtered(lambda row: row.kind == "photo")[:MAX_PHOTOS]
        return [{
            "image": f"evidence/{row.id}",
            "caption": " ".join(filter(None, (
                f"图{at}", row.line_id.number or "", row.note or "", f"SM3 {(row.digest or '')[:16]}…"))),
        } for at, row in enumerate(rows, 1)]


def _weight(finding):
    """Order findings as papers list them: the most serious first, then as the clauses go."""
    return list(words.DEFECTS).index(finding.grade), finding.sequence, finding.id

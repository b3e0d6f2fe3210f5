from odoo import api, fields, models

from odoo.addons.ctsp_base.tools import canonical, digest
from odoo.addons.ctsp_clause.tools import codes

from .inspection import RECORDING


class Inspection(models.Model):
    """What an inspection says, as one plain value: for its digest and for the versions that stay readable."""

    _inherit = "ctsp.inspection"

    def _content(self):
        """Return everything recorded as it reads, for versions that stay readable; superuser code calls it."""
        self.ensure_one()
        return {
            "number": self.number or "", "name": self.name, "institution": self.institution_id.name,
            "kind": self.kind, "version": self.version,
            "date_start": fields.Date.to_string(self.date_start) or "",
            "date_end": fields.Date.to_string(self.date_end) or "",
            "attendants": self.attendants or "", "summary": self.summary or "", "handling": self.handling or "",
            "team": [[row.inspector_id.name, row.role, row.declaration] for row in self.member_ids],
            "lines": [{
                "id": line.id, "number": line.number or "", "point": line.point or "", "section": line.section or "",
                "subject": line.specialty_id.name or line.trial_id.name or "", "result": line.result,
                "description": line.description or "", "grade": line.grade or "",
                "grade_reason": line.grade_reason or "", "revision": line.revision,
                "recorded_by": line.recorded_by.name or "",
            } for line in self.line_ids],
            "objections": [[row.number or "", row.objection] for row in self.finding_ids if row.objection],
            "evidence": [[row.id, row.line_id.id or 0, row.file_name, row.digest] for row in self.evidence_ids],
            "conclusions": [{
                "object": row.object, "subject": row.specialty_id.name or row.trial_id.name or self.institution_id.name,
                "proposed": row.proposed or "", "decided": row.decided or "",
                "reason": row.reason or "", "sound_system": row.sound_system or "",
                "system_reason": row.system_reason or "",
            } for row in self.conclusion_ids],
        }

    content_state = fields.Selection(
        [("none", "Not Handed In"), ("intact", "As Handed In"), ("altered", "Altered Afterwards")],
        string="Recorded Content", compute="_compute_content_state", compute_sudo=True,
        help="Whether the recorded content still has the digest it had when it was handed in.")

    @api.depends("content_digest", "state")
    def _compute_content_state(self):
        """Compare anew: a change past the platform, in the database itself, is found."""
        for inspection in self:
            fixed = inspection.content_digest and inspection.state not in (*RECORDING, "cancelled")
            same = fixed and inspection.content_digest == inspection._content_sm3()
            inspection.content_state = ("intact" if same else "altered") if fixed else "none"

    def _content_facts(self):
        """Return what the digest is made of: ids instead of names, so that renaming somebody changes nothing."""
        self.ensure_one()
        return {
            "inspection": [self.id, self.institution_id.id, self.summary or "", self.attendants or "", self.version],
            "dates": [self.date_start, self.date_end],
            "team": sorted([row.inspector_id.id, row.role, row.declaration] for row in self.member_ids),
            "lines": [[
                line.id, line.clause_id.id, line.specialty_id.id, line.trial_id.id, line.content or "", line.result,
                line.description or "", line.grade or "", line.grade_reason or "", line.revision, line.recorded_by.id,
            ] for line in self.line_ids.sorted("id")],
            "objections": [[row.id, row.objection] for row in self.finding_ids.sorted("id") if row.objection],
            "evidence": [[row.id, row.line_id.id, row.digest] for row in self.evidence_ids.sorted("id")],
            "conclusions": [
                [row.id, row.proposed or "", row.decided or "", row.reason or "",
                 *([row.sound_system, row.system_reason or ""] if row.sound_system else [])]
                for row in self.conclusion_ids.sorted("id")],
        }

    def _content_sm3(self):
        return digest.sm3(canonical.encode(self._content_facts()))

    def _version_make(self):
        """Keep what is being approved. Superuser: nobody has the right to write versions."""
        content = self._content()
        self.env["ctsp.inspection.version"].create({
            "inspection_id": self.id, "version": self.version, "content": content,
            "digest": digest.sm3(canonical.encode(content)), "approved_by": self.env.uid,
            "approved_at": fields.Datetime.now()})

    def _lines_corrected(self):
        """Return the lines recorded on since the content was last approved; all of them before it was."""
        content = self.version_ids[:1].content or {}
        approved = {line["id"]: line["revision"] for line in content.get("lines", ())}
        return self.line_ids.filtered(lambda line: line.revision != approved.get(line.id))

    def _lines_found(self):
        """Return the lines that do not conform as they are recorded now, without those whose finding was dropped.

        In a correction the issued findings still say what was issued (``ctsp.finding._follow``); these do not.
        """
        fallen = self.finding_ids.filtered(lambda finding: finding.state == "dropped").line_id
        if fallen:
            fallen -= self._lines_corrected()
        return self.line_ids.filtered(lambda line: line.result == "nonconform") - fallen

    def _findings_corrected(self):
        """Let the issued findings say what a correction that is being approved says. Called as superuser."""
        if self.version_ids:
            for line in self._lines_corrected():
                self.env["ctsp.finding"]._follow(line, approved=True)

    def _freeze_counts(self):
        """Keep the numbers of findings by grade beside the inspection, for lists and statistics."""
        findings = self._lines_found()
        self.write({
            f"{grade}_count": len(findings.filtered(lambda row, g=grade: row.grade == g)) for grade in codes.GRADES})

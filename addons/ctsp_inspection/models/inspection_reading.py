from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.ctsp_base.tools.background import background
from odoo.addons.ctsp_clause.tools import codes

MOST_SUGGESTIONS = 8


class Inspection(models.Model):
    """The reading side of recording, for the web screen and the mobile client. See docs/inspection-api.md."""

    _inherit = "ctsp.inspection"

    @api.model
    def record_open(self, inspection_id):
        """Return everything the recording screen shows. Public API.

        :return: ``{"inspection", "codes", "lines", "evidence", "conclusions", "account"}``
        :raise AccessError: the inspection is not the user's to read
        """
        inspection = self._record_browse(inspection_id)
        self.env["ctsp.audit.port"]._log("inspection.open", inspection)
        lines = inspection.line_ids
        return {
            "inspection": inspection._record_header(),
            "codes": {
                "results": codes.results(self.env), "grades": codes.grades(self.env),
                "defects": codes.defects(self.env), "conclusions": codes.conclusions(self.env),
                "systems": self.env["ctsp.inspection.conclusion"]._fields["sound_system"]._description_selection(
                    self.env),
                "handling": self._fields["handling"]._description_selection(self.env)},
            "lines": [{**line._frozen_texts(), **line._record_values()} for line in lines],
            "evidence": inspection.evidence_ids._record_values(),
            "conclusions": [row._record_values() for row in inspection.conclusion_ids],
            "account": inspection._record_values(),
        }

    @api.model
    @background
    def record_changes(self, inspection_id, revisions):
        """Return what changed since the client looked. Public API.

        :param revisions: ``{line id: revision the client holds}``
        :return: ``{"inspection", "lines", "evidence", "conclusions", "account"}``; ``lines``: those that differ
        """
        inspection = self._record_browse(inspection_id)
        if not isinstance(revisions, dict):
            raise UserError(self.env._("revisions: line ids with their revisions are expected."))
        rows = self.env["ctsp.inspection.line"].search_fetch([("inspection_id", "=", inspection.id)], ["revision"])
        changed = rows.filtered(lambda line: revisions.get(str(line.id), revisions.get(line.id)) != line.revision)
        return {
            "inspection": inspection._record_header(), "lines": [line._record_values() for line in changed],
            "evidence": inspection.evidence_ids._record_values(),
            "conclusions": [row._record_values() for row in inspection.conclusion_ids],
            "account": inspection._record_values(),
        }

    @api.model
    def record_suggest(self, line_id, text=""):
        """Return wordings for the clause of a line, the most used first. Public API."""
        line = self.env["ctsp.inspection.line"].browse(int(line_id))
        line.check_access("read")
        return self.env["ctsp.finding.phrase"]._suggest(line.clause_id, str(text or "")[:100], MOST_SUGGESTIONS)

    @api.model
    def record_phrase_used(self, inspection_id, phrase_id):
        """Count a use of a wording on an inspection the user records on. Public API."""
        if self._record_browse(inspection_id)._can_record():
            self.env["ctsp.finding.phrase"]._used([int(phrase_id)])
        return True

    @api.model
    def _record_browse(self, inspection_id):
        inspection = self.browse(int(inspection_id))
        inspection.check_access("read")
        return inspection

    def _record_header(self):
        self.ensure_one()
        return {
            "id": self.id, "number": self.number or "", "name": self.name, "institution": self.institution_id.name,
            "state": self.state, "state_label": self._state_label(self.state), "version": self.version,
            "can_record": self._can_record(), "is_leader": self._can_record() and self._is_led(),
            "date_start": fields.Date.to_string(self.date_start) or "",
            "team": [{"name": row.inspector_id.name, "role": row.role} for row in self.member_ids],
        }

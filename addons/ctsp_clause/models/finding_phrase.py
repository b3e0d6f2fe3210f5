from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.ctsp_base.tools import clock

from ..tools import codes, ngrams

MOST = 30


class FindingPhrase(models.Model):
    """A wording of a finding, with its basis and suggested grade; ranked by how often it was used."""

    _name = "ctsp.finding.phrase"
    _description = "Finding Phrase"
    _inherit = ["ctsp.export.mixin", "ctsp.import.mixin"]
    _order = "use_count desc, id"
    _rec_name = "text"
    _import_keys = (("clause_id", "text"),)
    _import_fields = ("clause_id", "text", "basis", "grade")

    clause_id = fields.Many2one("ctsp.clause", index="btree_not_null", ondelete="cascade")
    library_id = fields.Many2one(related="clause_id.library_id", store=True, index="btree_not_null")
    section_id = fields.Many2one(related="clause_id.section_id", store=True, index="btree_not_null")
    text = fields.Text("Wording", required=True)
    folded = fields.Text(compute="_compute_folded", store=True, index="trigram", help="The wording as it is compared.")
    basis = fields.Text("Legal Basis", compute="_compute_from_clause", store=True, readonly=False)
    grade = fields.Selection(
        selection=lambda self: codes.defects(self.env), string="Suggested Grade", compute="_compute_from_clause",
        store=True, readonly=False)
    use_count = fields.Integer("Times Used", readonly=True, copy=False, index=True)
    used_on = fields.Date("Last Used", readonly=True, copy=False)
    active = fields.Boolean(default=True)

    @api.depends("text")
    def _compute_folded(self):
        for phrase in self:
            phrase.folded = ngrams.normalise(phrase.text)

    @api.depends("clause_id")
    def _compute_from_clause(self):
        """A wording takes its basis and grade from the clause as long as nobody gave others."""
        for phrase in self:
            phrase.basis = phrase.basis or phrase.clause_id.basis
            phrase.grade = phrase.grade or phrase.clause_id.grade

    @api.model
    def suggest(self, clause_id, text="", limit=8):
        """Return wordings for the clause of that id (or none); a service for the widget ``ctsp_phrase_suggest``."""
        self.check_access("read")
        clause = self.env["ctsp.clause"].browse(int(clause_id) if clause_id else [])
        return self._suggest(clause, text if isinstance(text, str) else "", min(int(limit), MOST))

    @api.model
    def _suggest(self, clause, text="", limit=8):
        """Return wordings for ``clause`` that contain all parts of ``text``, most used first; others' follow its own.

        One query. Without ``text`` only the clause's own.

        :return: list of dicts with id, text, basis, grade, use_count, own (of this clause), clause (number)
        """
        self.flush_model()
        parts = ngrams.terms(text)
        own = SQL("p.clause_id = %s", clause.id or 0)
        where = [SQL("p.folded LIKE %s", ngrams.like(part)) for part in parts] or [own]
        rows = self.env.execute_query(SQL(
            """
            SELECT p.id, p.text, p.basis, p.grade, p.use_count, p.own, c.number
              FROM (SELECT p.*, COALESCE((%s), FALSE) AS own FROM ctsp_finding_phrase p
                     WHERE p.active AND %s
                     ORDER BY own DESC, p.use_count DESC NULLS LAST, p.used_on DESC NULLS LAST, p.id
                     LIMIT %s) p
              LEFT JOIN ctsp_clause c ON c.id = p.clause_id
             ORDER BY p.own DESC, p.use_count DESC NULLS LAST, p.used_on DESC NULLS LAST, p.id
            """, own, SQL(" AND ").join(where), limit * 3))
        found = {}
        for row in rows:
            found.setdefault(row[1], row)  # the same wording stands in several versions of a library
        names = ("id", "text", "basis", "grade", "use_count", "own", "clause")
        return [
            {**dict(zip(names, row, strict=True)), "basis": row[2] or "", "use_count": row[4] or 0,
             "clause": "" if row[5] else row[6] or ""}
            for row in list(found.values())[:limit]]

    @api.model
    def mark_used(self, phrase_ids):
        """Count one use of each of these wordings; called by the widget when one is chosen."""
        self.check_access("read")
        self._used([int(phrase_id) for phrase_id in phrase_ids[:MOST]])

    @api.model
    def _used(self, ids):
        """Count one use of each of these wordings."""
        for phrase in self.sudo().browse(ids).exists():  # sudo: inspectors use wordings, stewards keep them
            phrase.write({"use_count": phrase.use_count + 1, "used_on": clock.today()})

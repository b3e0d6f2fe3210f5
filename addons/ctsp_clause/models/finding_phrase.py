from odoo import api, fields, models

from ..tools import codes


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
    basis = fields.Text("Legal Basis")
    grade = fields.Selection(selection=lambda self: codes.defects(self.env), string="Suggested Grade")
    use_count = fields.Integer("Times Used", readonly=True, copy=False, index=True)
    used_on = fields.Date("Last Used", readonly=True, copy=False)
    active = fields.Boolean(default=True)

    @api.model
    def _suggest(self, clause, text="", limit=8):
        """Return wordings for ``clause`` that contain ``text``, most used first; other clauses' wordings follow.

        :return: list of dicts with id, text, basis, grade, use_count, own (of this clause)
        """
        domain = [("text", "ilike", part) for part in (text or "").split()]
        if not text:
            domain.append(("clause_id", "=", clause.id))
        phrases = self.search(domain, limit=limit)
        return [{"id": p.id, "text": p.text, "basis": p.basis or "", "grade": p.grade, "use_count": p.use_count,
                 "own": p.clause_id == clause} for p in phrases]

    @api.model
    def _used(self, ids):
        """Count one use of each of these wordings."""
        for phrase in self.sudo().browse(ids).exists():  # sudo: inspectors use wordings, stewards keep them
            phrase.use_count += 1
            phrase.used_on = fields.Date.context_today(self)

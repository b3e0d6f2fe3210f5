from odoo import api, models
from odoo.fields import Command

COPIED = (
    "number", "sequence", "object", "point", "content", "grade", "basis", "guidance", "photo_required")


class ClauseLibraryNext(models.Model):
    """Making the next version of a library: sections, clauses, wordings and check lists go along."""

    _inherit = "ctsp.clause.library"  # pylint: disable=consider-merging-classes-inherited; see the file's title

    def action_next_version(self):
        """Make the next version and open it."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window", "res_model": self._name, "res_id": self.copy().id,
            "views": [[False, "form"]]}

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for library, vals in zip(self, vals_list, strict=True):
            vals.setdefault("previous_id", library.id)
            vals.setdefault("code", library._next_code())
            if not (default or {}).get("date_from"):
                vals.update(date_from=False, date_to=False, number=vals.get("number") if default else False)
            vals.update(expected_critical=0, expected_major=0, expected_minor=0)
        return vals_list

    def copy(self, default=None):
        libraries = super().copy(default)
        for old, new in zip(self, libraries, strict=True):
            old._copy_content(new)
        return libraries

    def _next_code(self):
        taken = set(self.search([("code", "=like", f"{self.code}-%")]).mapped("code"))
        number = 2
        while f"{self.code}-{number}" in taken:
            number += 1
        return f"{self.code}-{number}"

    def _copy_content(self, new):
        """Copy everything below the library; each new clause knows the one it comes from."""
        sections = {}
        for section in self.section_ids:
            sections[section.id] = self.env["ctsp.clause.section"].create(
                {"library_id": new.id, "name": section.name, "sequence": section.sequence}).id
        old = self.clause_ids
        made = self.env["ctsp.clause"].create([{
            **{name: clause[name] for name in COPIED}, "library_id": new.id, "previous_id": clause.id,
            "section_id": sections[clause.section_id.id], "article_ids": [Command.set(clause.article_ids.ids)],
        } for clause in old])
        clauses = dict(zip(old.ids, made.ids, strict=True))
        self._copy_phrases(old, clauses)
        for checklist in self.checklist_ids:
            checklist.copy({
                "library_id": new.id, "name": checklist.name,
                "clause_ids": [Command.set([clauses[clause.id] for clause in checklist.clause_ids])]})

    @api.model
    def _copy_phrases(self, old, clauses):
        """Copy the wordings with their use: what inspectors write does not begin anew with each version."""
        phrases = self.env["ctsp.finding.phrase"].search([("clause_id", "in", old.ids)])
        # sudo: the count of uses is the engine's field
        self.env["ctsp.finding.phrase"].sudo().create(
            [
                {
                    "clause_id": clauses[phrase.clause_id.id],
                    "text": phrase.text,
                    "basis": phrase.basis,
                    "grade": phrase.grade,
                    "use_count": phrase.use_count,
                    "used_on": phrase.used_on,
                }
                for phrase in phrases
            ]
        )

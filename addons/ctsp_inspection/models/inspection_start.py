from odoo import api, models
from odoo.exceptions import UserError


class Inspection(models.Model):
    """How an inspection comes into being and gets its clauses."""

    _inherit = "ctsp.inspection"

    @api.model
    def _start_from(self, values):
        """Return a draft inspection made from a plan, filing or order, its clauses filled in.

        :param values: of ``ctsp.inspection``; ``leader_id`` and the fields of what is inspected as in its form
        """
        inspection = self.create(values)
        if inspection.library_id:
            inspection._lines_make()
        return inspection

    def action_make_lines(self):
        """Fill the clauses from the check list anew; what was recorded stays. For planners, while planning."""
        self.check_access("write")
        for inspection in self:
            inspection._check_writable({"checklist_id"})
        self._lines_make()
        return True

    def _lines_make(self):
        """Make a line for each clause of the check list (or of the whole library) on each object inspected.

        Texts are frozen: later versions of the library do not touch them. Lines that no longer belong go, unless
        something was recorded on them.
        """
        for inspection in self.sudo():  # superuser: lines are written by the engine alone
            clauses = inspection._clauses(inspection.checklist_id)
            if not clauses:
                raise UserError(self.env._("Check List: it contains no clause."))
            wanted = inspection._lines_wanted(clauses, inspection.specialty_ids, inspection.trial_ids)
            if not wanted:
                raise UserError(self.env._(
                    "Check List: its clauses are about specialties or trials only, and none is named to be inspected."))
            inspection._lines_fill(wanted)

    def _clauses(self, checklist):
        """Return the clauses to inspect by, in the order of their sections."""
        clauses = checklist.clause_ids or self.env["ctsp.clause"].search(
            [("library_id", "=", self.library_id.id)])
        return clauses.sorted(lambda clause: (
            clause.section_id.sequence, clause.section_id.id, clause.sequence, clause.number_key, clause.id))

    def _lines_wanted(self, clauses, specialties, trials):
        """Return ``{key of the line: its values}`` for the clauses on each object, in their order."""
        frozen = self.env["ctsp.inspection.line"]._frozen_values
        return {
            (clause.id, *key): {**values, **frozen(clause)}
            for clause in clauses for key, values in self._line_targets(clause, specialties, trials)}

    def _lines_fill(self, wanted):
        lines = self.env["ctsp.inspection.line"].sudo()._engine()
        present = {line._line_key(): line for line in self.line_ids}
        lines.browse(line.id for key, line in present.items() if key not in wanted)._unrecorded().unlink()
        for sequence, (key, values) in enumerate(wanted.items(), 1):
            values["sequence"] = sequence
            if key in present:
                present[key]._engine().sequence = sequence
        lines.create([
            {"inspection_id": self.id, **values} for key, values in wanted.items() if key not in present])

    def _line_targets(self, clause, specialties, trials):
        """Yield ``(key, values)`` for each thing the clause is to be checked on."""
        if clause.object == "specialty":
            for specialty in specialties:
                yield (specialty.id, False), {"specialty_id": specialty.id}
        elif clause.object == "trial":
            for trial in trials:
                yield (False, trial.id), {"trial_id": trial.id}
        else:
            yield (False, False), {}

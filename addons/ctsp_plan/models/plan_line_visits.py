from odoo import models
from odoo.exceptions import UserError

from odoo.addons.ctsp_base.tools.language import in_record_language


class PlanLine(models.Model):
    """Several legal time limits of one institution served by one visit: merging and splitting."""

    _inherit = "ctsp.plan.line"

    def action_merge(self):
        """Open the dialog that puts these visits together (button)."""
        return self._open_adjust("merge", self.env._("Merge into One Inspection"))

    def action_split(self):
        """Open the dialog that takes a visit apart (button)."""
        return self._open_adjust("split", self.env._("Split the Inspection"))

    def _open_adjust(self, mode, title):
        self.check_access("write")
        return {
            "type": "ir.actions.act_window", "res_model": "ctsp.plan.adjust", "views": [(False, "form")],
            "target": "new", "name": title, "context": {"default_line_ids": self.ids, "default_mode": mode},
        }

    def _check_unbegun(self):
        self.check_access("write")
        if busy := self.filtered(lambda line: line.state not in ("waiting", "assigned")):
            raise UserError(self.env._("“%s” has begun or ended and stays as it is.", busy[0].display_name))

    def _merge(self, reason):
        """Put the visits into the one that is due first and cancel the others; return it."""
        self._check_unbegun()
        if len(self) < 2 or len(self.institution_id) > 1 or len(set(self.mapped("kind"))) > 1:
            raise UserError(self.env._("Choose two or more planned inspections of the same institution and kind."))
        lines = self.sorted(lambda line: (not line.date_due, line.date_due, line.id))
        kept, others = lines[0], lines[1:]
        # superuser: deadlines are engine rows
        others.deadline_ids.sudo().plan_line_id = kept
        kept.with_context(change_reason=reason).write({
            "specialty_ids": [(4, specialty.id) for specialty in others.specialty_ids],
            "trial_ids": [(4, trial.id) for trial in others.trial_ids]})
        kept.env["ctsp.plan.change"]._append(kept, "merge", "\n".join(others.mapped("display_name")), reason)
        for other in others:
            other.run_transition("cancel", self.env._("Merged with another visit: %s", reason))
        return kept

    def _split(self, deadlines, reason):
        """Give ``deadlines`` of this visit a visit of their own; return it."""
        self.ensure_one()
        self._check_unbegun()
        if not deadlines < self.deadline_ids:
            raise UserError(self.env._("Some limits of the visit are split off, at least one stays."))
        deadlines.sudo().plan_line_id = False  # superuser: deadlines are engine rows
        fresh = self._from_deadlines(deadlines)
        stay = self.deadline_ids.specialty_id
        self.with_context(change_reason=reason).write({
            "specialty_ids": [(3, specialty.id) for specialty in deadlines.specialty_id - stay]})
        self._follow_deadlines()
        names = in_record_language(deadlines).mapped("display_name")
        self.env["ctsp.plan.change"]._append(self, "split", "\n".join(names), reason)
        return fresh[:1].with_env(self.env)

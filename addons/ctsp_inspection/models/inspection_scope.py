from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from .inspection import PLANNING, RECORDING

SCOPE = frozenset({"kind", "institution_id", "specialty_ids", "trial_ids", "library_id", "checklist_id"})
"""what decides over the clauses of an inspection"""


class Inspection(models.Model):
    """What is inspected by which clauses: given by the business type, and followed by the lines while it is planned.

    Once recording began the lines change by ``ctsp.inspection.scope`` alone, which shows first what comes and goes.
    """

    _inherit = "ctsp.inspection"

    @api.depends("kind")
    def _compute_regulation_kind(self):
        """The regulation's own type follows from the business type by a dated parameter."""
        by_kind = self.env["ctsp.parameter"]._get("inspection.regulation_kinds")
        for inspection in self:
            inspection.regulation_kind = by_kind.get(inspection.kind, "other")

    @api.depends("kind", "regulation_kind")
    def _compute_regulation_kind_differs(self):
        by_kind = self.env["ctsp.parameter"]._get("inspection.regulation_kinds")
        for inspection in self:
            inspection.regulation_kind_differs = inspection.regulation_kind != by_kind.get(inspection.kind, "other")

    @api.constrains("regulation_kind", "regulation_kind_reason")
    def _check_regulation_kind(self):
        for inspection in self:
            if inspection.regulation_kind_differs and not (inspection.regulation_kind_reason or "").strip():
                raise ValidationError(self.env._(
                    "Type by the Rules: it is not the one the business type of “%(inspection)s” gives, say why.",
                    inspection=inspection.display_name))

    @api.depends("kind")
    def _compute_checklist_id(self):
        """The newest list for the business type; a list that suits it, or a whole library, stays."""
        for inspection in self:
            chosen = inspection.checklist_id
            stays = chosen.kind in (False, inspection.kind) if chosen else inspection.library_id
            inspection.checklist_id = chosen if stays else self.env["ctsp.checklist"]._for(inspection.kind)

    @api.depends("checklist_id")
    def _compute_library_id(self):
        for inspection in self:
            inspection.library_id = inspection.checklist_id.library_id or inspection.library_id

    @api.onchange("library_id")
    def _onchange_library_id(self):
        if self.checklist_id.library_id != self.library_id:
            self.checklist_id = False

    @api.constrains("library_id", "checklist_id")
    def _check_checklist(self):
        for inspection in self.filtered("checklist_id"):
            if inspection.checklist_id.library_id != inspection.library_id:
                raise ValidationError(self.env._(
                    "Check List: “%(list)s” is not one of “%(library)s”.", list=inspection.checklist_id.name,
                    library=inspection.library_id.display_name or "—"))

    @api.model_create_multi
    def create(self, vals_list):
        """An empty library is filled in from the check list."""
        return super().create([
            {name: value for name, value in vals.items() if name != "library_id" or value} for vals in vals_list])

    def write(self, vals):
        result = super().write(vals)
        if SCOPE & vals.keys():
            self._lines_follow()
        return result

    def _lines_follow(self):
        """Bring the lines in step with what is inspected. Nothing is recorded in these states; superuser: engine."""
        for inspection in self.sudo():
            if inspection.state in PLANNING and inspection.line_ids:
                inspection._lines_make()

    # ---- after recording began ------------------------------------------------------------------------------------

    def action_change_scope(self):
        """Open the dialog that changes what is inspected while it is being recorded (button)."""
        self.ensure_one()
        self._check_may_change_scope()
        return {
            "type": "ir.actions.act_window", "res_model": "ctsp.inspection.scope", "views": [(False, "form")],
            "target": "new", "name": self.env._("Change What Is Inspected"),
            "context": {"default_inspection_id": self.id},
        }

    def _check_may_change_scope(self):
        self.check_access("read")
        planner = self.env.user.has_group("ctsp_base.group_planner")
        if self.state not in RECORDING or not (planner or (self._can_record() and self._is_led())):
            raise UserError(self.env._(
                "%s: planners and the team leader change what is inspected, while it is being recorded.",
                self.display_name))

    def _scope_difference(self, specialties, trials, checklist):
        """Return ``(clauses that come, that go, that stay although nothing asks for them)`` with another scope."""
        inspection = self.sudo()
        wanted = inspection._lines_wanted(inspection._clauses(checklist), specialties, trials)
        present = {line._line_key(): line for line in inspection.line_ids}
        unasked = inspection.line_ids.browse(line.id for key, line in present.items() if key not in wanted)
        gone = unasked._unrecorded()
        return len(wanted.keys() - present.keys()), len(gone), len(unasked - gone)

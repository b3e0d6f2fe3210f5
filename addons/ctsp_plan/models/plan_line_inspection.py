from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from odoo.addons.ctsp_base.tools.language import in_record_language
from odoo.addons.ctsp_clause.tools import codes

UNBEGUN_INSPECTION = ("draft", "assigned")


class PlanLine(models.Model):
    """The inspection that a planned visit becomes: made from it, and moving it on by its own steps.

    ``ctsp.inspection`` calls :meth:`_inspection_moved` after each of its steps; what happens on the plan's side
    (another team, another day, calling off) is carried over while the inspection has not begun.
    """

    _inherit = "ctsp.plan.line"

    inspection_id = fields.Many2one(
        "ctsp.inspection", "Inspection", readonly=True, copy=False, index="btree_not_null", ondelete="set null")
    inspection_state = fields.Selection(
        related="inspection_id.state", string="State of the Inspection", related_sudo=True)
    date_start = fields.Date(related="inspection_id.date_start", string="Began On", related_sudo=True)
    date_end = fields.Date(related="inspection_id.date_end", string="Ended On", related_sudo=True)

    # ---- from plan to inspection ----------------------------------------------------------------------------------

    def action_make_inspections(self):
        """Make the inspections of assigned lines that have none (button; planners). Twice makes none twice."""
        self.check_access("write")
        for line in self:
            line._make_inspection()
        return self.action_open_inspection() if len(self) == 1 else True

    def action_start_inspection(self):
        """Open the inspection for recording (button); the team begins it, made from the plan where it is missing."""
        self.ensure_one()
        self.check_access("read")
        if not self.is_mine and not self.env.user.has_group("ctsp_base.group_planner"):
            raise AccessError(self.env._("“%s” is assigned to another team.", self.display_name))
        inspection = self.inspection_id or self._make_inspection()
        if self.is_mine and inspection.state == "assigned":
            inspection.with_env(self.env).run_transition("start")
        return self.action_open_inspection()

    def action_open_inspection(self):
        """Open the inspection, with the reader's own rights (button)."""
        self.ensure_one()
        self.check_access("read")
        if not self.inspection_id:
            raise UserError(self.env._("No inspection has been made of “%s” yet.", self.display_name))
        return {"type": "ir.actions.act_window", "res_model": "ctsp.inspection", "res_id": self.inspection_id.id,
                "views": [(False, "form")], "name": self.display_name}

    def _make_inspection(self):
        """Return the inspection of an assigned line, made and assigned to its team.

        Superuser: the team of a published plan may begin its inspection although only planners make inspections.
        """
        if self.inspection_id:
            return self.inspection_id
        if self.state != "assigned" or self.plan_state != "published":
            raise UserError(self.env._("“%s” is not assigned: name its team first.", self.display_name))
        line = in_record_language(self.sudo())
        line._check_team()
        if not line._checklist() and not self.env.user.has_group("ctsp_base.group_planner"):
            raise UserError(self.env._(
                "Check List: “%s” names no clauses to inspect by; ask the planner to choose them.", self.plan_id.name))
        inspection = line.env["ctsp.inspection"]._start_from(line._inspection_values())
        line.inspection_id = inspection
        line._drop_tasks()  # the inspection asks its team itself
        if inspection.library_id:
            inspection.run_transition("assign")
        return inspection

    def _inspection_values(self):
        """Return the values of the inspection; kinds of plans are business types of inspections."""
        checklist = self._checklist()
        first = self.date_from or self.date_due
        return {
            "plan_line_id": self.id, "source": "plan", "source_ref": self.plan_id.number or self.plan_id.name,
            "kind": self.kind, "institution_id": self.institution_id.id,
            "specialty_ids": [Command.set(self._specialties_to_inspect().ids)],
            "trial_ids": [Command.set(self.trial_ids.ids)], "site_ids": [Command.set(self.deadline_ids.site_id.ids)],
            "purpose": "\n".join(filter(None, (self.plan_id.name, self.reason))),
            "basis": self.plan_id._basis_text() or False,
            "date_planned_from": first, "date_planned_to": self.date_to or first,
            "checklist_id": checklist.id, "library_id": checklist.library_id.id,
            "member_ids": self._member_commands(),
        }

    def _checklist(self):
        """Return the check list to inspect by."""
        return self.plan_id._checklist(self._objects_to_inspect())

    def _objects_to_inspect(self):
        named = {"specialty": self._specialties_to_inspect(), "trial": self.trial_ids}
        return [code for code, _label in codes.objects(self.env) if named.get(code, True)]

    def _checklist_warning(self):
        """Return why nothing could be recorded by the check list, False when it can."""
        checklist = self._checklist()
        if checklist._suits(self._objects_to_inspect()):
            return False
        return self.env._(
            "Check List: “%(checklist)s” is about specialties or trials only. Name those to inspect, or another list "
            "in the plan.", checklist=checklist.name)

    def _specialties_to_inspect(self):
        """Return the specialties named; those of the institution when the whole of it is inspected first."""
        whole = self.kind == "first" and "new_institution" in self.deadline_ids.mapped("reason")
        if self.specialty_ids or not whole:
            return self.specialty_ids
        return self.institution_id.specialty_ids.filtered(lambda row: row.state == "filed")

    def _member_commands(self):
        return [
            Command.create({"inspector_id": self.leader_id.id, "role": "leader"}),
            *(Command.create({"inspector_id": member.id, "role": "member"}) for member in self.member_ids)]

    # ---- changes of the plan, carried over ------------------------------------------------------------------------

    def write(self, vals):
        result = super().write(vals)
        if {"leader_id", "member_ids", "date_from", "date_to", "specialty_ids", "trial_ids"} & vals.keys():
            for line in self.filtered("inspection_id"):
                line._carry_over(vals.keys())
        return result

    def _carry_over(self, names):
        """Give an inspection that has not begun the team and the days of the plan (superuser: the plan decides)."""
        inspection = self.inspection_id.sudo()
        if inspection.state not in UNBEGUN_INSPECTION:
            return
        values = {"date_planned_from": self.date_from, "date_planned_to": self.date_to}
        if {"leader_id", "member_ids"} & names and self.leader_id:
            inspection.member_ids.unlink()
            values["member_ids"] = self.sudo()._member_commands()
        if "specialty_ids" in names:
            values["specialty_ids"] = [Command.set(self._specialties_to_inspect().ids)]
        if "trial_ids" in names:
            values["trial_ids"] = [Command.set(self.trial_ids.ids)]
        inspection.write(values)

    def _check_transition(self, transition):
        super()._check_transition(transition)
        begun = self.inspection_id and self.inspection_id.sudo().state not in UNBEGUN_INSPECTION
        if transition.code in ("cancel", "unassign") and begun:
            raise UserError(self.env._("The inspection of “%s” has begun: cancel it there.", self.display_name))

    def _after_cancel(self, reason):
        super()._after_cancel(reason)
        self._drop_inspection(reason)

    def _after_unassign(self, reason):
        super()._after_unassign(reason)
        self._drop_inspection(self.env._("Taken back by the planner"))

    def _after_void(self, reason):
        super()._after_void(reason)
        self._drop_inspection(reason or self.env._("Its reason is gone"))

    def _drop_inspection(self, reason):
        """Call off the inspection that was made but has not begun (superuser: the plan decides)."""
        inspection = self.inspection_id.sudo()
        if inspection:
            self.sudo().inspection_id = False
            inspection.run_transition("cancel", reason)

    # ---- steps of the inspection, carried over --------------------------------------------------------------------

    def _inspection_moved(self, inspection, step):
        """Follow a step of the inspection (superuser: whoever made the step may not write plans)."""
        for line in self.sudo().filtered(lambda line: line.inspection_id == inspection):
            if step == "start" and line.state in ("waiting", "assigned"):
                line.run_transition("begin")
            elif step == "approve" and line.state != "done":
                line.done_on = inspection.date_end or inspection.date_start
                line.run_transition("finish")
                line._meet_deadlines(line.done_on)
            elif step == "cancel":
                line.inspection_id = False
                if line.state in ("running", "done"):
                    line.run_transition("fall_back")

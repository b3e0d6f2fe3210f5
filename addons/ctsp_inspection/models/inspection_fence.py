from odoo import api, models
from odoo.exceptions import AccessError, UserError

from .inspection import OPEN, PLANNING, RECORDING

PLANNER_FIELDS = frozenset({
    "name", "kind", "regulation_kind", "regulation_kind_reason", "source", "source_ref", "institution_id",
    "site_ids", "specialty_ids", "trial_ids", "library_id", "checklist_id", "purpose", "basis"})
TEAM_FIELDS = frozenset({"leader_id", "member_ids", "date_planned_from", "date_planned_to"})
ONSITE_FIELDS = frozenset({"date_start", "date_end", "attendants", "summary"})
DECISION_FIELDS = frozenset({"handling", "handling_note"})
ENGINE_FIELDS = frozenset({
    "number", "version", "content_digest", "line_ids", "finding_ids", "conclusion_ids", "evidence_ids", "version_ids",
    "conclusion", "team_names", "district_id", "critical_count", "major_count", "minor_count",
    "account_revision", "account_by", "account_at"})


class Inspection(models.Model):
    """Who writes what of an inspection when: planning is the planner's, recording the team's, the rest nobody's."""

    _inherit = "ctsp.inspection"

    def write(self, vals):
        if not self.env.su:
            self.check_access("write")
            for inspection in self:
                inspection._check_writable(vals.keys())
        return super().write(vals)

    def _check_writable(self, names):
        """Raise unless the user may write these fields in the present state. ``_field_states`` says what when."""
        if engine := ENGINE_FIELDS & names:
            raise AccessError(self.env._(
                "“%(field)s” is written by the steps of the inspection and by recording only.",
                field=self._fields[min(engine)]._description_string(self.env)))
        for fenced, states, allowed in self._fences():
            touched = fenced & names
            if touched and (self.state not in states or not allowed):
                raise (UserError if self.state not in states else AccessError)(self.env._(
                    "“%(field)s” of %(inspection)s cannot be changed by you in the state “%(state)s”.",
                    field=self._fields[min(touched)]._description_string(self.env),
                    inspection=self.display_name, state=self._state_label(self.state)))

    def _fences(self):
        """Return ``(fields, states, whether the user may)`` for what is the planner's, the team's, the reviewer's."""
        planner = self.env.user.has_group("ctsp_base.group_planner")
        reviewing = self.state == "review" and self.env.user.has_group("ctsp_base.group_reviewer")
        return (
            (PLANNER_FIELDS, PLANNING, planner),
            (TEAM_FIELDS, OPEN, planner),
            (ONSITE_FIELDS, RECORDING, self._can_record()),
            (DECISION_FIELDS, (*RECORDING, "review"), self._is_led() or reviewing),
        )

    def _can_record(self):
        """Say whether the current user may record on this inspection now: on its team and free to, while it is open."""
        self.ensure_one()
        if self.state not in RECORDING:
            return False
        return self.env.su or self._own_member()._is_recording()

    def _is_led(self):
        """Say whether the current user leads the team."""
        return self.env.su or self._own_member().role == "leader"

    def _own_member(self):
        """Return the row of the current user in the team."""
        # superuser: the row is his own
        return self.env["ctsp.inspection.member"].sudo().search(
            [("inspection_id", "=", self.id), ("user_id", "=", self.env.uid)], limit=1)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_own_draft(self):
        for inspection in self:
            if not self.env.su and inspection.create_uid != self.env.user:
                raise UserError(self.env._(
                    "%(inspection)s was made by somebody else: only who made a draft deletes it.",
                    inspection=inspection.display_name))

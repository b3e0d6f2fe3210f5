from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import LazyTranslate

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_base.tools.workflow import Transition, Workflow

from .inspection import RECORDING

_lt = LazyTranslate(__name__)

PLANNER = ("ctsp_base.group_planner",)
INSPECTOR = ("ctsp_base.group_inspector",)
REVIEWER = ("ctsp_base.group_reviewer",)
ACTIVITY = "ctsp_inspection.mail_activity_type_inspection"
SEQUENCE = "ctsp.inspection"


class Inspection(models.Model):
    """The steps of an inspection, what they ask for and what they set off."""

    _inherit = "ctsp.inspection"

    _workflow = Workflow("draft", (
        Transition("assign", ("draft",), "assigned", _lt("Assign"), PLANNER, stamp="assigned"),
        Transition("start", ("assigned",), "onsite", _lt("Begin on Site"), INSPECTOR, access="read"),
        Transition("submit", RECORDING, "submitted", _lt("Hand In"), INSPECTOR, access="read", stamp="submitted"),
        Transition("review", ("submitted",), "review", _lt("Begin Review"), REVIEWER, access="read"),
        Transition("approve", ("review",), "approved", _lt("Approve"), REVIEWER, access="read", stamp="approved"),
        Transition("return", ("submitted", "review"), "returned", _lt("Return to the Team"), REVIEWER,
                   needs_reason=True, access="read"),
        Transition("rectify", ("approved",), "rectification", _lt("Issue Findings"), (*REVIEWER, *PLANNER),
                   access="read"),
        Transition("close", ("approved", "rectification"), "closed", _lt("Close"), (*REVIEWER, *PLANNER),
                   access="read", stamp="closed"),
        Transition("correct", ("approved", "rectification", "closed"), "returned", _lt("Correct After Approval"),
                   REVIEWER, needs_reason=True, access="read"),
        Transition("cancel", ("draft", "assigned", *RECORDING), "cancelled", _lt("Cancel"), PLANNER,
                   needs_reason=True, stamp="closed"),
    ))

    def _check_transition(self, transition):
        super()._check_transition(transition)
        check = getattr(self, f"_check_may_{transition.code}", None)
        if check:
            check()

    # ---- what a step asks for -------------------------------------------------------------------------------------

    def _check_may_assign(self):
        if not self.leader_id:
            raise UserError(self.env._("Team Leader: name who leads the inspection first."))
        if not self.date_planned_from:
            raise UserError(self.env._("Planned From: say when the inspection takes place."))
        if not (self.library_id or self.checklist_id):
            raise UserError(self.env._("Clauses: choose the clauses or the check list to inspect by."))

    def _check_may_start(self):
        if not self.env.su and not self._own_member()._is_recording():
            raise AccessError(self.env._("Only the team of %s begins it.", self.display_name))

    def _check_may_submit(self):
        """The team leader hands in what is complete (checks); 两名以上检查员 is among them."""
        if not self._is_led():
            raise AccessError(self.env._("Only the team leader hands in %s.", self.display_name))
        self._check_snapshot()
        self._conclusions_refresh()
        self._raise_if_blocking()

    def _check_may_approve(self):
        if self.env.uid == self.submitted_by.id and not self.env.su:
            raise UserError(self.env._("Who handed in an inspection does not approve it."))
        if not self.handling:
            raise UserError(self.env._("Handling: say what follows from the inspection."))

    def _check_may_rectify(self):
        """There is something to issue, or a rectification from before a correction to go on with."""
        issues = self.finding_ids.filtered(lambda finding: finding.state in ("open", "issued", "failed"))
        if not issues and not self.sudo().rectification_ids:  # cancelled items may be hidden from the reader
            raise UserError(self.env._("There is no finding to issue; close the inspection instead."))

    def _check_may_cancel(self):
        """What was approved or issued is not undone by cancelling: the institution may be acting on it."""
        if self.version_ids or any(self.sudo().finding_ids.mapped("issued_at")):
            raise UserError(self.env._(
                "%s was approved before: correct it and hand it in again, it cannot be cancelled.", self.display_name))

    def _check_may_close(self):
        pending = self.finding_ids.filtered(lambda finding: finding.state not in ("accepted", "failed", "dropped"))
        if pending:
            raise UserError(self.env._(
                "Findings: %(count)s are not verified yet, the first is “%(finding)s”.",
                count=len(pending), finding=pending[0].display_name))

    # ---- what a step sets off; superuser: the step is the right -----------------------------------------------------

    def _before_assign(self, reason):
        inspection = self.sudo()
        if not inspection.number:
            inspection.number = self.env["ir.sequence"]._draw(SEQUENCE)
        inspection._lines_make()

    def _after_assign(self, reason):
        self._ask(self.leader_id.user_id, _lt("Inspect"), self.date_planned_from)

    def _before_start(self, reason):
        inspection = self.sudo()
        if not inspection.line_ids:
            inspection._lines_make()
        inspection.date_start = inspection.date_start or clock.today()

    def _before_submit(self, reason):
        inspection = self.sudo()
        inspection.date_end = inspection._visit_ended()
        inspection._freeze_counts()
        inspection.content_digest = inspection._content_sm3()

    def _after_submit(self, reason):
        self._done()
        self._ask(self._least_busy_reviewer(), _lt("Review the inspection"), clock.today())

    def _after_return(self, reason):
        self._done()
        self._ask(self.leader_id.user_id, _lt("Mend and hand in again"), clock.today())

    def _before_approve(self, reason):
        inspection = self.sudo()
        inspection._findings_corrected()
        inspection._version_make()

    def _after_approve(self, reason):
        self._done()

    def _after_rectify(self, reason):
        self.sudo().finding_ids.filtered(lambda finding: finding.state in ("open", "failed")).run_transition("issue")

    def _before_correct(self, reason):
        """The approved content stays readable as a version; who, when and why stand in it."""
        inspection = self.sudo()
        inspection.version_ids[:1].with_user(self.env.user).sudo()._close(reason)
        inspection.version += 1
        inspection._evaluation_lapses()

    def _after_correct(self, reason):
        self._ask(self.leader_id.user_id, _lt("Mend and hand in again"), clock.today())

    def _after_cancel(self, reason):
        self._done()

    def _transition_payload(self, transition, previous, reason):
        return {
            **super()._transition_payload(transition, previous, reason),
            "number": self.number or "", "kind": self.kind, "institution_id": self.institution_id.id,
            "institution": self.institution_id.name, "record_no": self.institution_id.record_no or "",
            "conclusion": self.conclusion or "", "handling": self.handling or "", "version": self.version,
        }

    # ---- the next person ------------------------------------------------------------------------------------------

    def _least_busy_reviewer(self):
        """Return the reviewer with the fewest open tasks."""
        reviewers = self.env.ref("ctsp_base.group_reviewer").all_user_ids.filtered(
            lambda user: user.active and not user.share)
        # superuser: tasks of others are counted
        busy = dict(self.env["mail.activity"].sudo()._read_group(
            [("user_id", "in", reviewers.ids), ("res_model", "=", self._name)], ["user_id"], ["__count"]))
        return reviewers.sorted(lambda user: (busy.get(user, 0), user.id))[:1]

    def _ask(self, user, summary, deadline):
        """Give the next person a task, in his language. Superuser: the task is somebody else's."""
        if user:
            inspection = self.sudo().with_context(mail_activity_quick_update=True, lang=user.lang)
            inspection.activity_schedule(
                ACTIVITY, date_deadline=fields.Date.to_date(deadline), summary=inspection.env._(summary),
                user_id=user.id)

    def _done(self):
        """Take the tasks of the step before away. Superuser: they may belong to somebody else."""
        self.sudo().activity_unlink([ACTIVITY])

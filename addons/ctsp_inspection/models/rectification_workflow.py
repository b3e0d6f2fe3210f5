from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import LazyTranslate

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_base.tools.workflow import Transition, Workflow

from .inspection_terms import VERIFY
from .rectification import OPEN, WITH_INSTITUTION

_lt = LazyTranslate(__name__)

ACTIVITY = "ctsp_inspection.mail_activity_type_rectification"
OUTSIDE = ("ctsp_base.group_institution_user",)
VERIFIER = ("ctsp_base.group_inspector", "ctsp_base.group_reviewer", "ctsp_base.group_leader")
DECIDER = ("ctsp_base.group_reviewer", "ctsp_base.group_leader")
ASKED = ("cause", "correction", "prevention")


class Rectification(models.Model):
    """The steps of a rectification: answered from outside, accepted or returned by the team or a reviewer."""

    _inherit = "ctsp.rectification"

    _workflow = Workflow("waiting", (
        Transition("answer", WITH_INSTITUTION, "answered", _lt("Hand In"), OUTSIDE, stamp="answered"),
        Transition("accept", ("answered",), "accepted", _lt("Accept the Rectification"), VERIFIER, access="read",
                   stamp="verified"),
        Transition("return", ("answered",), "returned", _lt("Return"), VERIFIER, needs_reason=True, access="read",
                   stamp="verified"),
        Transition("reopen", ("accepted",), "returned", _lt("Open Again"), DECIDER, needs_reason=True, access="read",
                   stamp="verified"),
        Transition("cancel", OPEN, "cancelled", _lt("Cancel"), needs_reason=True, automatic=True),
        Transition("renew", ("cancelled", "accepted"), "waiting", _lt("Issue Again"), automatic=True),
    ), deletable=())

    def _check_transition(self, transition):
        super()._check_transition(transition)
        if transition.code == "answer":
            self._check_answer()
        elif transition.code in ("accept", "return") and not self._may_verify():
            raise AccessError(self.env._("Only the team of the inspection, reviewers and leaders verify “%s”.",
                                         self.display_name))
        if transition.code == "reopen":
            self._check_reopen()

    def _check_reopen(self):
        """A finding is opened again while its inspection is in rectification and not evaluated yet."""
        inspection = self.inspection_id
        if inspection.state != "rectification" or inspection.evaluation:
            raise UserError(self.env._(
                "%(inspection)s was evaluated or is not in rectification: correct it after approval instead.",
                inspection=inspection.display_name))

    def _check_answer(self):
        """Cause, correction and prevention are given; findings above minor need a file that proves it."""
        for name in ASKED:
            if not (self[name] or "").strip():
                raise UserError(self.env._(
                    "“%(field)s” is still empty.", field=self._fields[name]._description_string(self.env)))
        if self.grade in ("critical", "major") and not self.file_ids:
            raise UserError(self.env._("Please add at least one file that proves the rectification of this finding."))

    def _may_verify(self):
        """Say whether the user verifies this: on the team (observers aside), or a reviewer or leader."""
        user = self.env.user
        if self.env.su or any(user.has_group(group) for group in DECIDER):
            return True
        return self.inspection_id._own_member().role in ("leader", "member")

    # ---- what a step sets off; superuser: the step is the right, rows and findings are the engine's -----------------

    def _after_answer(self, reason):
        item = self.sudo()
        item.file_ids.is_fixed = True
        item.round_ids._open(item)
        today = clock.today()
        item.write({"verify_from": today, "date_verify": item.inspection_id._term_end(VERIFY, today)})
        if item.finding_id.state == "issued":
            item.finding_id.run_transition("answer")
        self.env["ctsp.risk.alert"]._resolve(item._settled_alert_keys())
        item._ask(item.leader_id.user_id, _lt("Verify the rectification"), item.date_verify)

    def _after_accept(self, reason):
        item = self.sudo()
        item._last_round()._close("accepted", reason, self.env.user)
        item.return_reason = False
        if item.finding_id.state == "answered":
            item.finding_id.run_transition("accept")
        item.activity_unlink([ACTIVITY])
        item.extension_ids._drop()
        item._verified()
        item.inspection_id._rectification_settled()

    def _after_return(self, reason):
        item = self.sudo()
        item._last_round()._close("returned", reason, self.env.user)
        if item.finding_id.state == "answered":
            item.finding_id.run_transition("send_back")
        item._back_to_institution(reason)

    def _after_reopen(self, reason):
        item = self.sudo()
        item._last_round()._close("returned", reason, self.env.user)
        if item.finding_id.state == "accepted":
            item.finding_id.run_transition("reopen")
        item._back_to_institution(reason)

    def _last_round(self):
        return self.round_ids.sorted("number")[-1:]

    def _back_to_institution(self, reason):
        """Give the institution the days a second answer takes (parameter), never less than it has."""
        today = clock.today()
        days = self.env["ctsp.parameter"]._get("inspection.rectification_return_days", on=today)
        due = max(self.date_due, self.env["ctsp.workday"]._add(today, days))
        self.write({"return_reason": reason, **self._due_values(today, due)})
        self.activity_unlink([ACTIVITY])
        self._verified()
        self.inspection_id._evaluation_waits()

    def _verified(self):
        """Close the alert about verification when no answer waits beyond its day any more."""
        waiting = self.inspection_id.rectification_ids.filtered(lambda item: item.state == "answered")
        if not waiting.filtered(lambda item: item.date_verify and item.date_verify < clock.today()):
            self.inspection_id._term_met("verify")

    def _after_cancel(self, reason):
        item = self.sudo()
        item.activity_unlink([ACTIVITY])
        item.extension_ids._drop()
        self.env["ctsp.risk.alert"]._resolve(item._settled_alert_keys())
        item.inspection_id._rectification_settled()

    def _after_renew(self, reason):
        item = self.sudo()
        item.write({**item._dates(clock.today(), item.rule), "issue_number": item.issue_number + 1})
        item.inspection_id._evaluation_waits()

    def _ask(self, user, summary, deadline, activity=ACTIVITY):
        """Give a colleague a task until ``deadline``, in his language."""
        if user:
            item = self.with_context(mail_activity_quick_update=True, lang=user.lang)
            item.activity_schedule(activity, summary=item.env._(summary), user_id=user.id, date_deadline=deadline)

    def _transition_payload(self, transition, previous, reason):
        return {
            **super()._transition_payload(transition, previous, reason),
            "inspection": self.inspection_number or "", "finding": self.finding_number or "",
            "institution_id": self.institution_id.id, "institution": self.institution_id.name,
            "grade": self.grade or "", "due": str(self.date_due),
        }

    # ---- making -----------------------------------------------------------------------------------------------------

    @api.model
    def _issue(self, findings):
        """Make a rectification for each issued finding, or start one that had ended anew. Called as superuser."""
        present = {item.finding_id: item for item in self.search([("finding_id", "in", findings.ids)])}
        today, rows = clock.today(), []
        for finding in findings:
            item = present.get(finding)
            if not item:
                inspection = finding.inspection_id
                rows.append({
                    "finding_id": finding.id, "inspection_id": inspection.id,
                    "institution_id": finding.institution_id.id, **self._dates(today, self._rule_for(inspection))})
            elif item.state not in OPEN:
                item.run_transition("renew")
        return self.create(rows)

    @api.model
    def _rule_for(self, inspection):
        """Return by which rules the time limit counts: a dated parameter says it per business type."""
        return self.env["ctsp.parameter"]._get("inspection.rectification_rules").get(inspection.kind, "institution")

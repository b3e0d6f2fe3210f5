from odoo import models

from odoo.addons.ctsp_risk.tools.registry import Finding, check


class Trial(models.Model):
    """Compliance checks of a trial as a whole (合规性审查): registration, approval, parties, protocol."""

    _name = "ctsp.trial"
    _inherit = ["ctsp.trial"]

    def _alert_owner_name(self):
        """Alerts about a trial concern the local institutions that take part."""
        return "、".join(self.site_ids.institution_id.mapped("name"))

    @check("trial.ctr_no")
    def _check_has_ctr_no(self):
        """A trial under way is registered (药品注册管理办法, Article 33)."""
        for trial in self:
            if trial.is_running and not trial.ctr_no:
                yield Finding(trial, "ctr_no", self.env._("The trial is under way but has no CTR number."))

    @check("trial.approval")
    def _check_has_approval(self):
        """A trial under way has an approval or notice; BE trials are filed instead (药品管理法, Article 19)."""
        for trial in self:
            if trial.is_running and trial.phase_id.code != "be" and not trial.approval_no:
                yield Finding(trial, "approval_no", self.env._("The trial is under way without approval or notice."))

    @check("trial.approval_before_enrolment")
    def _check_approval_before_enrolment(self):
        """Nobody is enrolled before the approval (药品管理法, Article 19)."""
        for trial in self:
            approved, enrolled = trial.approval_date, trial.first_enrolled_date
            if approved and enrolled and enrolled < approved:
                yield Finding(trial, "first_enrolled_date", self.env._(
                    "The first subject was enrolled on %(enrolled)s, before the approval of %(approved)s.",
                    enrolled=enrolled, approved=approved))

    @check("trial.sponsor")
    def _check_has_sponsor(self):
        """A trial has a sponsor (GCP 2026)."""
        for trial in self:
            if "sponsor" not in trial.party_ids.mapped("role"):
                yield Finding(trial, "party_ids", self.env._("No sponsor is listed among the parties."))

    @check("trial.protocol")
    def _check_protocol_approved(self):
        """A trial under way follows a protocol version that ethics approved (GCP 2026, Article 14)."""
        for trial in self.filtered("is_running"):
            if not trial.protocol_ids:
                yield Finding(trial, "protocol_ids", self.env._("No protocol version is recorded."))
            elif not any(trial.protocol_ids.mapped("ethics_date")):
                yield Finding(trial, "protocol_ids", self.env._("No protocol version has an ethics approval."))

    @check("trial.enrolment", tolerance_percent=0)
    def _check_enrolment(self, tolerance_percent):
        """No more subjects than planned, within a tolerance in percent."""
        for trial in self:
            limit = trial.planned_total * (100 + tolerance_percent) / 100
            if trial.planned_total and trial.actual_total > limit:
                yield Finding(trial, "actual_total", self.env._(
                    "%(actual)s subjects are enrolled, %(planned)s were planned.",
                    actual=trial.actual_total, planned=trial.planned_total))

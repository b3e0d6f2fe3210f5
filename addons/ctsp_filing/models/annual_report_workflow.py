from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_base.tools.language import in_record_language

from .annual_report import OPEN_STATES
from .filing_workflow import ANNUAL_ACTIVITY as ACTIVITY


class AnnualReport(models.Model):
    """The steps of an annual report, and what is late."""

    _inherit = "ctsp.annual.report"

    def _check_transition(self, transition):
        super()._check_transition(transition)
        if transition.code in ("submit", "resubmit"):
            empty = self.answer_ids.filtered(lambda row: row.required and not row.is_filled)
            if empty:
                raise UserError(self.env._(
                    "Section “%(section)s” is still empty (%(count)s in all).",
                    section=empty[0].section_id.name, count=len(empty)))
            open_figures = self.figure_ids.filtered(lambda row: not row.is_filled)
            if open_figures:
                raise UserError(self.env._(
                    "Figure “%(figure)s” is not filled in; where nothing happened, press “Empty Figures Are 0”.",
                    figure=open_figures[0].indicator_id.name))

    def _after_submit(self, reason):
        """The officer with the least to review gets the task. Superuser: outside users plan nobody's work."""
        report = self.sudo()
        report.activity_unlink([ACTIVITY])
        officer = self.env["ctsp.filing"].sudo()._least_busy_officer()
        if officer:
            report.activity_schedule(
                ACTIVITY, summary=self.env._("Review the annual report"), user_id=officer.id,
                date_deadline=self.env["ctsp.workday"]._add(clock.today(), 20))
        self.env["ctsp.risk.alert"]._resolve([f"annual:{self.id}"])

    def _after_resubmit(self, reason):
        """A report handed in again is reviewed again; its day of submission stays the first one."""
        self._after_submit(reason)

    def _after_accept(self, reason):
        self.sudo().activity_unlink([ACTIVITY])  # the task may be another officer's

    def _after_return(self, reason):
        self.sudo().activity_unlink([ACTIVITY])  # the task may be another officer's

    # ------------------------------------------------------------------
    # What is late
    # ------------------------------------------------------------------
    @api.model
    def _cron_remind(self):
        """Raise alerts for the reports that are missing after the due date."""
        today = clock.today()
        late = in_record_language(self.search([
            ("campaign_id.state", "=", "open"), ("state", "in", OPEN_STATES), ("date_due", "<", today),
            ("submitted_at", "=", False)]))
        self.env["ctsp.risk.alert"]._raise([{
            "key": f"annual:{report.id}",
            "record": report,
            "name": report.env._("Annual report %(year)s is missing", year=report.year),
            "level": "warning",
            "source": "deadline",
            "role_id": self.env.ref("ctsp_base.group_filing_officer").id,
            "date_deadline": today,
        } for report in late], watched=True)

from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.ctsp_base.tools import clock

REPORT, VERIFY, EVALUATE = (
    "inspection.report_handover_days", "inspection.rectification_verify_days", "inspection.assessment_days")
"""dated parameters of the authority's own time limits, in working days; each row names document and article"""


class Inspection(models.Model):
    """Time limits of the authority itself: the team's report and the comprehensive evaluation.

    The team hands in its report and material within ``inspection.report_handover_days`` working days of the end of the
    visit (药品检查管理办法（试行）, 国药监药管〔2021〕31号); handing in is the step ``submit``. The day the limit runs
    from does not count, the due day is in time. Open limits are computed anew every night: a calendar or a parameter
    may have been entered since.
    """

    _inherit = "ctsp.inspection"

    report_due = fields.Date("Report Due", compute="_compute_report_due", store=True, index="btree_not_null")
    evaluation_from = fields.Date("Evaluation Runs From", readonly=True, copy=False)

    @api.depends("date_start", "date_end", "date_planned_to")
    def _compute_report_due(self):
        """The visit ends on the day entered; until then, on the last planned day, else on the first.

        Visits from before the rule was in force (taken over from older files) have no due day.
        """
        parameter = self.env["ctsp.parameter"].sudo()  # everybody's terms
        for inspection in self:
            ended = inspection._visit_end()
            in_force = ended and parameter._is_known(REPORT, ended)
            inspection.report_due = in_force and self._term_end(REPORT, ended)

    def _visit_end(self):
        """Return the last day of the visit as far as it is known, False before it begins."""
        if not self.date_start:
            return False
        return self.date_end or max(filter(None, (self.date_planned_to, self.date_start)))

    def _visit_ended(self):
        """Return the day the visit ended: as entered, else as planned; never after today. It is not the day on which
        its report is handed in.
        """
        if self.date_end or not self.date_start:
            return self.date_end
        return max(self.date_start, min(clock.today(), self._visit_end()))

    @api.model
    def _term_end(self, code, start):
        """Return the last day of the limit of the parameter ``code`` that runs from ``start``."""
        parameter, workday = self.env["ctsp.parameter"].sudo(), self.env["ctsp.workday"].sudo()  # everybody's terms
        return workday._add(start, parameter._get(code, on=start))

    def _check_writable(self, names):
        if engine := {"report_due", "evaluation_from"} & set(names):
            raise AccessError(self.env._(
                "“%(field)s” follows from dates and steps.",
                field=self._fields[min(engine)]._description_string(self.env)))
        return super()._check_writable(names)

    def _evaluation_begins(self):
        """Everything is verified: the evaluation is due. Called as superuser by the steps."""
        if not self.evaluation_due:
            today = clock.today()
            self.write({"evaluation_from": today, "evaluation_due": self._term_end(EVALUATE, today)})

    def _evaluation_waits(self):
        """A finding is open again: the evaluation waits for it. Called as superuser by the steps."""
        waiting = self.filtered(lambda it: it.evaluation_due and not it.evaluation)
        waiting.write({"evaluation_from": False, "evaluation_due": False})
        waiting._done()
        waiting._term_met("evaluation")

from odoo import api, fields, models
from odoo.tools import LazyTranslate

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_base.tools.language import in_record_language

from .annual_report import OPEN_STATES
from .desk import REPORTS

_lt = LazyTranslate(__name__)


class AnnualReport(models.Model):
    """What the institution is told about its annual report: decisions, and reminders before the due date.

    Each step of the parameter ``annual_report.reminder_days`` (days before the due date) fires once per report and due
    date, however often the scheduled action runs. Steps it missed are made up for on its next run; when several are due
    at once only the nearest one is put before people, the others are kept in the list of notices.
    """

    _inherit = "ctsp.annual.report"

    reminded_on = fields.Date("Last Reminder", readonly=True, copy=False)
    reminded_days = fields.Json(readonly=True, copy=False, help="Reminders sent: due date → days before it.")

    def _tell(self, sentence, note=None, tone="info", key=None, seen=False, **words):
        """Put a notice on the institution's desk; ``%(report)s`` in the lazy ``sentence`` is the report."""
        report = in_record_language(self)
        words = {"report": report.display_name, **words}
        text = report.env._(sentence)
        self.env["ctsp.desk.notice"]._send(self, REPORTS, text % words, note, tone, key, seen)

    def _after_submit(self, reason):
        super()._after_submit(reason)
        self.env["ctsp.desk.notice"]._settle(self)

    def _after_accept(self, reason):
        super()._after_accept(reason)
        self._tell(_lt("%(report)s: accepted"), tone="success")

    def _after_return(self, reason):
        super()._after_return(reason)
        self._tell(_lt("%(report)s: returned, please complete and hand it in again"), reason, "warning")

    def _after_reopen(self, reason):
        self._tell(_lt("%(report)s: reopened, please complete and hand it in again"), reason, "warning")

    @api.model
    def _cron_remind(self):
        super()._cron_remind()
        self._remind(clock.today())

    @api.model
    def _remind(self, today):
        """Fire the steps that are due on ``today`` and were not fired yet."""
        steps = sorted({int(days) for days in self.env["ctsp.parameter"]._get("annual_report.reminder_days", on=today)})
        if not steps:
            return
        for report in self.search([
                ("campaign_id.state", "=", "open"), ("state", "in", OPEN_STATES), ("date_due", ">=", today),
                ("date_due", "<=", fields.Date.add(today, days=steps[-1]))]):
            report._remind_one(steps, today)

    def _remind_one(self, steps, today):
        """Fire what is due for one report.

        :param steps: days before the due date, ascending
        """
        due = fields.Date.to_string(self.date_due)
        sent = dict(self.reminded_days or {})
        left = (self.date_due - today).days
        fresh = [days for days in steps if days >= left and days not in sent.get(due, [])]
        env = in_record_language(self).env
        for days in reversed(fresh):
            self._tell(
                _lt("%(report)s: to be handed in by %(date)s, %(days)s days left"),
                env._("Reminder of %(days)s days before the due date", days=days), tone="warning",
                key=f"annual-reminder:{self.id}:{due}:{days}", seen=days != fresh[0], date=due, days=left)
        if fresh:
            self.write({
                "reminded_on": today, "reminded_days": {**sent, due: sorted([*sent.get(due, []), *fresh])}})

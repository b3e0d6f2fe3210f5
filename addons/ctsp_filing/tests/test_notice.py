from datetime import date, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.ctsp_base.tools import clock

from .common import FilingCase


@tagged("post_install", "-at_install")
class TestNotice(FilingCase):
    """An institution finds on its first page what was decided on its filings and reports, and by when to act."""

    def home(self, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["ctsp.desk"].with_user(user or self.outsider)._home()

    def titles(self, user=None):
        return [(notice["tone"], notice["res_id"]) for notice in self.home(user)["notices"]]

    def test_each_step_of_a_filing_is_told(self):
        """Accepted, returned with reason and date, approved: always the last word, and to nobody else."""
        filing = self.accepted(self.change(name="示例新名医院（示例）"))
        self.assertEqual(self.titles(), [("info", filing.id)])
        filing.run_transition("return", "请补充材料（示例）")
        notice = self.home()["notices"][0]
        self.assertEqual((notice["tone"], notice["note"]), ("warning", "请补充材料（示例）"))
        due = self.env["ctsp.workday"]._add(clock.today(), 20)
        self.assertEqual(filing.correction_due, due)
        self.assertIn(str(due), notice["title"])
        lines = [line for line in self.home()["deadlines"] if line["key"] == f"ctsp.filing,{filing.id}"]
        self.assertEqual([line["date"] for line in lines], [str(due)])
        self.assertFalse(self.titles(self.stranger))
        filing.with_user(self.outsider).run_transition("resubmit")
        self.assertFalse(self.titles(), "what was asked for was done")
        filing.run_transition("accept")
        self.answer_checklist(filing)
        filing.run_transition("approve")
        self.assertEqual(self.titles(), [("success", filing.id)])
        card = next(card for card in self.home()["cards"] if card["tone"] == "success")
        self.assertEqual(card["count"], 1)

    def test_news_is_told_at_once(self):
        """Who of the institution has the desk open is told on his own channel that there is news, and nobody else."""
        sent = []
        with patch.object(type(self.env["bus.bus"]), "_sendone", lambda _self, *news: sent.append(news)):
            filing = self.accepted(self.change(name="示例新名医院（示例）"))
        notice = self.env["ctsp.desk.notice"].search([("res_id", "=", filing.id), ("is_seen", "=", False)])
        self.assertEqual(
            [(channel, content) for channel, kind, content in sent if kind == "ctsp.desk.notice"],
            [(self.outsider.partner_id, {"id": notice.id})])

    def test_a_refusal_gives_its_reason(self):
        filing = self.accepted(self.change(name="示例新名医院（示例）"))
        filing.run_transition("refuse", "不符合要求（示例）")
        notice = self.home()["notices"][0]
        self.assertEqual((notice["tone"], notice["note"]), ("danger", "不符合要求（示例）"))

    def test_notices_speak_the_language_of_the_authority(self):
        """In a Chinese authority an officer who works in English writes Chinese notices."""
        self.env.company.partner_id.lang = "zh_CN"
        filing = self.accepted(self.change(name="示例新名医院（示例）"))
        filing.run_transition("return", "请补充材料（示例）")
        self.assertIn("退回", self.home()["notices"][0]["title"])

    def test_put_away(self):
        """A notice that was noted leaves the first page and stays in the list; a stranger cannot note it."""
        filing = self.accepted(self.change(name="示例新名医院（示例）"))
        notice = self.env["ctsp.desk.notice"].search([("res_id", "=", filing.id), ("res_model", "=", "ctsp.filing")])
        with self.assertRaises(AccessError):
            notice.with_user(self.stranger).action_seen()
        notice.with_user(self.outsider).action_seen()
        self.assertFalse(self.titles())
        self.assertEqual(notice.seen_by, self.outsider)
        self.assertTrue(notice.with_user(self.outsider).search([]))


@tagged("post_install", "-at_install")
class TestReminders(FilingCase):
    """Annual report reminders: each of the days 30, 15, 7 and 1 once per report (annual_report.reminder_days)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign = cls.env["ctsp.annual.campaign"].create({"year": 2098})
        cls.campaign.run_transition("open")  # due 2099-01-31
        cls.report = cls.campaign.report_ids.filtered(lambda row: row.institution_id == cls.institution)

    def remind(self, *days):
        """Run the scheduled action on these days; return the steps fired so far."""
        for day in days:
            with patch.object(clock, "today", lambda day=day: date.fromisoformat(day)):
                self.env["ctsp.annual.report"]._cron_remind()
        return (self.report.reminded_days or {}).get(str(self.report.date_due), [])

    def notices(self, **facts):
        domain = [("res_model", "=", "ctsp.annual.report"), ("res_id", "=", self.report.id)]
        return self.env["ctsp.desk.notice"].search([*domain, *((name, "=", value) for name, value in facts.items())])

    def test_every_step_once(self):
        """Running daily, and twice a day, from 40 days before the due date until after it fires four steps."""
        first = date(2098, 12, 22)
        fired = {}
        for offset in range(45):
            day = first + timedelta(days=offset)
            before = len(self.notices())
            self.remind(str(day), str(day))
            if len(self.notices()) != before:
                fired[str(day)] = len(self.notices()) - before
        self.assertEqual(fired, {"2099-01-01": 1, "2099-01-16": 1, "2099-01-24": 1, "2099-01-30": 1})
        self.assertEqual(self.remind(), [1, 7, 15, 30])

    def test_a_missed_day_is_made_up_for(self):
        """The action did not run on the day itself: the step fires on the next run, once."""
        self.assertEqual(self.remind("2099-01-01", "2099-01-18", "2099-01-19"), [15, 30])
        self.assertEqual(len(self.notices()), 2)

    def test_several_missed_steps_are_said_once(self):
        """After a long standstill every step is on record and one notice is put before people."""
        self.assertEqual(self.remind("2099-01-30", "2099-01-30", "2099-01-31"), [1, 7, 15, 30])
        self.assertEqual(len(self.notices()), 4)
        self.assertEqual(len(self.notices(is_seen=False)), 1)

    def test_who_handed_in_is_left_alone(self):
        self.remind("2099-01-01")
        for answer in self.report.answer_ids:
            answer.text = "示例内容"
        self.report.action_confirm_zeros()
        self.report.with_user(self.outsider).run_transition("submit")
        self.assertFalse(self.notices(is_seen=False), "the reminder is settled")
        self.assertEqual(self.remind("2099-01-16", "2099-01-24"), [30])
        self.report.with_user(self.officer).run_transition("return", "请补充（示例）")
        self.assertEqual(self.notices(is_seen=False).tone, "warning")
        self.assertEqual(self.remind("2099-01-25"), [7, 15, 30], "a returned report is asked for again")

    def test_a_later_due_date_reminds_anew(self):
        self.remind("2099-01-30")
        self.campaign.date_due = "2099-02-28"
        self.assertEqual(self.remind("2099-01-31"), [30])

    def test_accepted_and_returned_are_told(self):
        for answer in self.report.answer_ids:
            answer.text = "示例内容"
        self.report.action_confirm_zeros()
        self.report.with_user(self.outsider).run_transition("submit")
        self.report.with_user(self.officer).run_transition("accept")
        self.assertEqual(self.notices(is_seen=False).tone, "success")
        self.report.with_user(self.officer).run_transition("reopen", "复核（示例）")
        notice = self.notices(is_seen=False)
        self.assertEqual((notice.tone, notice.note), ("warning", "复核（示例）"))

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.ctsp_base.tools import clock

from .common import FilingCase


@tagged("post_install", "-at_install")
class TestDeadline(FilingCase):
    """First inspection within 60 working days (药物临床试验机构管理规定, 2019年第101号)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        filing = cls.change()
        cls.add_specialty(filing)
        cls.deadline = cls.approved(filing).deadline_ids.sudo()

    def alert(self):
        return self.env["ctsp.risk.alert"].search(
            [("dedup_key", "=", f"deadline:{self.deadline.id}")], order="id desc", limit=1)

    def test_counts_working_days(self):
        """The term follows the official calendar and says so where that is not published yet."""
        workday = self.env["ctsp.workday"]
        dates = self.env["ctsp.deadline"]._dates(clock.as_date("2026-01-05"))
        self.assertEqual(dates["days"], 60)
        self.assertEqual(workday._between(dates["date_start"], dates["date_due"]), 60)
        self.assertFalse(dates["provisional"])
        self.assertTrue(self.env["ctsp.deadline"]._dates(clock.as_date("2090-01-05"))["provisional"])

    def test_sixty_days_over_spring_festival(self):
        """Counted by hand on the calendar of 2026 (off: 15–23 February, 4–6 April, 1–5 May; worked: Saturdays 14 and 28
        February, 9 May): the due day is in time, the day after it is late, be it a Saturday."""
        for start, due in (
                ("2026-01-05", "2026-04-03"), ("2026-01-06", "2026-04-07"),  # the sixtieth day falls behind Qingming
                ("2026-02-13", "2026-05-19"), ("2026-02-14", "2026-05-20"),  # filed on the make-up Saturday
                ("2026-02-18", "2026-05-20")):  # and in the holidays
            with self.subTest(start):
                self.assertEqual(str(self.env["ctsp.deadline"]._dates(clock.as_date(start))["date_due"]), due)
        self.deadline.write({**self.env["ctsp.deadline"]._dates(clock.as_date("2026-01-05")), "provisional": False})
        self.assertEqual(str(self.deadline.date_warning), "2026-03-13", "fifteen working days before")
        for day, state, level in (
                ("2026-03-12", "open", False), ("2026-03-13", "open", "warning"), ("2026-04-03", "open", "warning"),
                ("2026-04-04", "overdue", "serious")):
            with self.subTest(day), patch.object(clock, "today", return_value=clock.as_date(day)):
                self.env["ctsp.deadline"]._cron_watch()
                self.assertEqual((self.deadline.state, self.alert().level), (state, level))

    def test_length_is_a_parameter(self):
        """The law changes: a dated row does, nothing else."""
        self.env.ref("ctsp_base.parameter_filing_first_inspection_days").value_ids = [(0, 0, {
            "valid_from": "2091-01-01", "value": "90", "source_document": "示例"})]
        self.assertEqual(self.env["ctsp.deadline"]._dates(clock.as_date("2091-02-01"))["days"], 90)
        self.assertEqual(self.env["ctsp.deadline"]._dates(clock.as_date("2026-02-02"))["days"], 60)

    def test_alert_before_and_after(self):
        """A warning before the due date makes room for a serious alert after it, which closes when the term is met."""
        watch = self.env["ctsp.deadline"]._cron_watch
        watch()
        self.assertFalse(self.alert())
        self.deadline.date_warning = clock.today()
        watch()
        self.assertEqual(self.alert().level, "warning")
        watch()
        self.assertEqual(self.env["ctsp.risk.alert"].search_count([
            ("dedup_key", "=", f"deadline:{self.deadline.id}"), ("state", "=", "new")]), 1, "raised once")
        self.deadline.write({"provisional": False, "date_due": clock.today() - timedelta(days=1)})
        watch()
        self.assertEqual((self.deadline.state, self.alert().level), ("overdue", "serious"))
        self.deadline._meet(clock.today())
        self.assertEqual((self.deadline.state, self.alert().state), ("met", "closed"))

    def test_overdue_alert_keeps_its_handling(self):
        """The alert of an overdue term stays the same night after night; once dismissed it stays silent."""
        watch = self.env["ctsp.deadline"]._cron_watch
        self.deadline.date_warning = clock.today()
        watch()
        self.deadline.write({"provisional": False, "date_due": clock.today() - timedelta(days=1)})
        watch()
        serious, analyst = self.alert(), self.role("risk_analyst")
        serious.user_id = analyst
        serious.with_user(analyst).run_transition("assign")
        watch()
        self.assertEqual((self.alert(), serious.state), (serious, "assigned"))
        serious.with_user(analyst).run_transition("dismiss", "已约定日期")
        watch()
        self.assertEqual((self.alert(), serious.state), (serious, "dismissed"))

    def test_dismissed_warning_does_not_silence_the_overdue_term(self):
        """Who dismissed “soon due” is told nevertheless that the term is over."""
        watch, analyst = self.env["ctsp.deadline"]._cron_watch, self.role("risk_analyst")
        self.deadline.date_warning = clock.today()
        watch()
        warning = self.alert()
        warning.with_user(analyst).run_transition("dismiss", "已知")
        watch()
        self.assertEqual(self.alert(), warning, "the warning does not come back")
        self.deadline.write({"provisional": False, "date_due": clock.today() - timedelta(days=1)})
        watch()
        self.assertEqual((self.alert().level, self.alert().state), ("serious", "new"))

    def test_removed_site_ends_its_deadline(self):
        """The inspection of a changed address is off when the site is given up."""
        first = self.change()
        first.site_ids.address = "上海市示例路100号"
        first.site_ids = [Command.create({"name": "东院", "address": "上海市示例路200号"})]
        deadlines = self.approved(first).deadline_ids.sudo()
        moved = deadlines.filtered(lambda row: row.site_id.name == "东院")
        second = self.change()
        second.site_ids.filtered(lambda row: row.name == "东院").action_toggle_removal()
        self.approved(second)
        self.assertEqual(moved.state, "cancelled")
        self.assertEqual((deadlines - moved).state, "open", "the other site still has to be inspected")

    def test_provisional_date_is_settled(self):
        """When the calendar is published the due date is computed anew."""
        self.deadline.write({"provisional": True, "date_due": "2090-01-01", "date_start": "2026-01-05"})
        self.env["ctsp.deadline"]._cron_watch()
        self.assertFalse(self.deadline.provisional)
        self.assertNotEqual(str(self.deadline.date_due), "2090-01-01")

    def test_nobody_edits_a_deadline(self):
        """Deadlines are made and closed by the platform."""
        for role in ("filing_officer", "planner", "leader", "data_steward"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.deadline.with_user(self.role(role)).write({"date_due": "2090-01-01"})
        self.assertTrue(self.deadline.with_user(self.role("planner")).date_due)
        self.assertFalse(self.env["ctsp.deadline"].with_user(self.stranger).search([]))

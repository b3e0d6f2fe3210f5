from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_filing.tests.common import FilingCase


@tagged("post_install", "-at_install")
class TestPlanFirst(FilingCase):
    """First inspections: planned by themselves within 60 working days of filing (管理规定, 2019年第101号)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        filing = cls.change()
        cls.add_specialty(filing)
        cls.deadline = cls.approved(filing).deadline_ids.sudo()
        cls.line = cls.deadline.plan_line_id
        cls.planner = cls.role("planner")

    def test_arises_with_the_approval(self):
        """An approved filing gives one planned inspection, in the published plan of the year of filing."""
        self.assertEqual(len(self.line), 1)
        self.assertEqual(self.line.institution_id, self.institution)
        self.assertEqual(self.line.date_due, self.deadline.date_due)
        self.assertEqual(self.line.specialty_ids, self.deadline.specialty_id)
        self.assertEqual((self.line.plan_id.kind, self.line.plan_id.state, self.line.plan_id.year),
                         ("first", "published", self.deadline.date_start.year))
        self.assertTrue(self.line.plan_id.number)

    def test_catch_up_is_idempotent(self):
        """The night makes the lines that are missing, and none twice."""
        cron = self.env["ctsp.plan.line"]._cron_catch_up
        before = self.env["ctsp.plan.line"].search_count([])
        cron()
        cron()
        self.assertEqual(self.env["ctsp.plan.line"].search_count([]), before)
        old = self.line
        self.deadline.plan_line_id = False
        cron()
        self.assertTrue(self.deadline.plan_line_id)
        self.assertNotEqual(self.deadline.plan_line_id, old)

    def test_cancelled_limit_ends_the_plan(self):
        """When the reason of the limit is gone nothing is planned any more; a met limit is done."""
        self.deadline._cancel("示例")
        self.assertEqual(self.line.state, "cancelled")

    def test_met_limit_is_done(self):
        """A limit met by another way ends the planned inspection as done on that day."""
        self.deadline._meet(clock.as_date("2026-03-02"))
        self.assertEqual((self.line.state, str(self.line.done_on)), ("done", "2026-03-02"))

    def test_follows_a_settled_calendar(self):
        """A due date that was provisional moves, the planned inspection with it."""
        self.deadline.date_due += timedelta(days=3)
        self.env["ctsp.plan.line"]._cron_catch_up()
        self.assertEqual(self.line.date_due, self.deadline.date_due)

    def test_countdown_around_a_holiday(self):
        """Working days are counted over Mid-Autumn and National Day 2026 (off: 25–27 September, 1–7 October; worked:
        Sunday 20 September, Saturday 10 October), by hand: 16 left is calm, 15 is soon; the due day is in time."""
        self.line.date_due = "2026-10-12"
        for day, left, urgency in (
                ("2026-09-14", 16, "calm"), ("2026-09-15", 15, "soon"), ("2026-09-30", 4, "soon"),
                ("2026-10-05", 4, "soon"), ("2026-10-10", 1, "soon"), ("2026-10-12", 0, "soon"),
                ("2026-10-13", -1, "late")):
            with self.subTest(day), patch.object(clock, "today", return_value=clock.as_date(day)):
                self.line.invalidate_recordset()
                self.assertEqual((self.line.days_left, self.line.urgency), (left, urgency))
                self.assertIn(self.line, self.line.search([("urgency", "in", [urgency])]))

    def test_countdown_from_today(self):
        """As the screen shows it today: working days left, soon from the fifteenth on, late below zero."""
        line = self.line
        today = clock.today()
        line.date_due = self.env["ctsp.workday"]._add(today, 7)
        self.assertEqual((line.days_left, line.urgency), (7, "soon"))
        line.date_due = self.env["ctsp.workday"]._add(today, 16)
        self.assertEqual((line.days_left, line.urgency), (16, "calm"))
        line.date_due = self.env["ctsp.workday"]._add(today, 15)
        self.assertEqual(line.urgency, "soon")
        self.assertIn(line, line.search([("urgency", "in", ["soon"])]))
        line.date_due = today - timedelta(days=1)
        self.assertEqual(line.urgency, "late")
        self.assertIn(line, line.search([("urgency", "in", ["late"])]))
        line.date_due = today
        self.assertEqual((line.days_left, line.urgency), (0, "soon"), "the due day itself is in time")

    def test_cancel_needs_planner_and_reason(self):
        """Only a planner cancels, with a reason that is kept; nobody deletes."""
        with self.assertRaises(AccessError):
            self.line.with_user(self.role("filing_officer")).run_transition("cancel", "示例")
        mine = self.line.with_user(self.planner)
        with self.assertRaises(UserError):
            mine.run_transition("cancel")
        mine.run_transition("cancel", "机构停业（示例）")
        self.assertEqual(self.line.change_ids[:1].reason, "机构停业（示例）")
        self.env["ctsp.plan.line"]._cron_catch_up()
        self.assertEqual(self.deadline.plan_line_id, self.line, "what was cancelled is not planned again")
        with self.assertRaises(UserError):
            mine.unlink()

    def test_alert_when_not_assigned(self):
        """Soon due and without a team: an alert for the planners, closed when the team is there."""
        self.line.date_due = self.deadline.date_due = clock.today() + timedelta(days=2)
        self.env["ctsp.plan.line"]._cron_catch_up()
        key = f"plan:unassigned:{self.line.id}"
        alert = self.env["ctsp.risk.alert"].search([("dedup_key", "=", key)])
        self.assertEqual((alert.state, alert.level), ("new", "warning"))
        self.line.with_user(self.planner).run_transition("cancel", "示例")
        self.env["ctsp.plan.line"]._cron_catch_up()
        self.assertEqual(alert.state, "closed")

    def test_the_leader_is_warned(self):
        """Once a team is assigned the warning of the limit goes to its leader."""
        self.line.leader_id = self.env["ctsp.inspector"].create({
            "name": "示例组长（示例）", "user_id": self.role("inspector").id})
        self.deadline.date_warning = clock.today()
        self.env["ctsp.deadline"]._cron_watch()
        alert = self.env["ctsp.risk.alert"].search([("dedup_key", "=", f"deadline:{self.deadline.id}")])
        self.assertEqual((alert.user_id, alert.state), (self.role("inspector"), "assigned"))

    def test_who_sees_it(self):
        """Regulators read first inspections; institutions never see a plan."""
        self.assertTrue(self.line.with_user(self.role("filing_officer")).date_due)
        with self.assertRaises(AccessError):
            self.env["ctsp.plan.line"].with_user(self.outsider).search([])
        with self.assertRaises(AccessError):
            self.line.with_user(self.role("inspector")).write({"date_due": "2090-01-01"})

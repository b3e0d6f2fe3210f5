from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ctsp_base.tools import clock

from .rectification_common import RectificationCase


@tagged("post_install", "-at_install")
class TestRectificationTerms(RectificationCase):
    """Every time limit around its edge: holidays, make-up days, the last day and the day after it."""

    def dates(self, start, rule="institution"):
        return self.env["ctsp.rectification"]._dates(clock.as_date(start), rule)

    def test_twenty_working_days_over_spring_festival(self):
        """药物临床试验机构监督检查办法: 20 working days; 2026-02-15–23 off, Saturdays 14 and 28 February worked."""
        dates = self.dates("2026-02-06")
        self.assertEqual((dates["days"], str(dates["date_due"])), (20, "2026-03-12"))
        self.assertFalse(dates["provisional"])
        self.assertEqual(str(dates["date_warning"]), "2026-03-05", "five working days before")
        self.assertEqual(str(self.dates("2026-02-13")["date_due"]), "2026-03-19", "issued before a make-up Saturday")
        self.assertEqual(str(self.dates("2026-02-14")["date_due"]), "2026-03-20", "issued on the make-up Saturday")
        self.assertEqual(str(self.dates("2026-02-18")["date_due"]), "2026-03-20", "issued in the holidays")

    def test_thirty_working_days(self):
        """药品检查管理办法: 30 working days where the parameter says so; the day of issue does not count."""
        dates = self.dates("2026-03-02", "drug")
        self.assertEqual((dates["days"], str(dates["date_due"])), (30, "2026-04-14"))
        workday = self.env["ctsp.workday"]
        self.assertEqual(workday._between("2026-03-02", dates["date_due"]), 30)
        self.assertEqual(self.env["ctsp.rectification"]._rule_for(self.inspection), "institution")
        joint = self.make(kind="joint")
        self.assertEqual(self.env["ctsp.rectification"]._rule_for(joint), "drug")

    def test_new_law(self):
        """A limit that is changed counts for what is issued from that day on."""
        self.env.ref("ctsp_base.parameter_inspection_rectification_days").value_ids = [(0, 0, {
            "valid_from": "2026-06-01", "value": "15", "source_document": "示例"})]
        self.assertEqual(self.dates("2026-05-29")["days"], 20)
        self.assertEqual(self.dates("2026-06-01")["days"], 15)

    def test_unpublished_calendar(self):
        """A date in a year without published holidays is provisional, and settled when they are."""
        self.assertTrue(self.dates("2090-12-20")["provisional"])
        item = self.minor
        item.write({"provisional": True, "date_start": "2026-02-06", "date_due": "2026-03-06",
                    "date_first_due": "2026-03-06"})
        with self.on("2026-02-10"):
            self.env["ctsp.rectification"]._cron_watch()
        self.assertEqual((str(item.date_due), item.provisional), ("2026-03-12", False))

    def test_last_day_is_in_time(self):
        """On the due day there are 0 days left and it is not late; the day after it is, be it a Saturday."""
        item = self.major
        item.write({"date_due": "2026-03-13", "date_warning": "2026-03-06"})
        for day, left, urgency in (
                ("2026-03-05", 6, "calm"), ("2026-03-06", 5, "soon"), ("2026-03-13", 0, "soon"),
                ("2026-03-14", 0, "late"), ("2026-03-16", -1, "late")):
            with self.subTest(day), self.on(day):
                self.assertEqual((item.days_left, item.urgency), (left, urgency))
                found = self.env["ctsp.rectification"].search([
                    ("id", "=", item.id), ("urgency", "in", [urgency])])
                self.assertEqual(found, item)

    def test_alerts_and_escalation(self):
        """One alert per inspection the day after, a serious one five working days later; closed when answered."""
        self.items.write({"date_due": "2026-03-13", "date_warning": "2026-03-06"})
        watch = self.env["ctsp.rectification"]._cron_watch
        with self.on("2026-03-13"):
            watch()
            self.assertEqual(self.alerts(), {})
        with self.on("2026-03-14"):
            watch()
            watch()
            self.assertEqual(self.alerts(), {"warning": "assigned"})
        with self.on("2026-03-19"):
            watch()
            self.assertEqual(self.alerts(), {"warning": "assigned"})
        with self.on("2026-03-20"):
            watch()
            self.assertEqual(self.alerts(), {"warning": "assigned", "serious": "new"})
            self.answer(self.critical + self.major)
            self.assertEqual(set(self.alerts().values()), {"assigned", "new"}, "one is still late")
            self.answer(self.minor)
            self.assertEqual(set(self.alerts().values()), {"closed"})

    def test_returned_gets_time(self):
        """A returned answer gives ten working days, never less than was left."""
        self.minor.write({"date_due": "2026-03-13"})
        with self.on("2026-03-10"):
            self.answer(self.minor)
            self.minor.with_user(self.inspector).run_transition("return", "证据不充分（示例）")
        self.assertEqual(str(self.minor.date_due), "2026-03-24")
        self.critical.write({"date_due": "2026-02-27"})
        with self.on("2026-02-13"):
            self.answer(self.critical)
            self.critical.with_user(self.inspector).run_transition("return", "证据不充分（示例）")
        # Sat 14 worked, 24, 25, 26, 27, Sat 28 worked, 2, 3, 4, 5 March
        self.assertEqual(str(self.critical.date_due), "2026-03-05", "over Spring Festival")
        self.major.write({"date_due": "2026-04-30"})
        with self.on("2026-03-10"):
            self.answer(self.major)
            self.major.with_user(self.inspector).run_transition("return", "证据不充分（示例）")
        self.assertEqual(str(self.major.date_due), "2026-04-30")

    def ask(self, item, day):
        return self.env["ctsp.rectification.extension"].with_user(self.user_a).create({
            "rectification_id": item.id, "date_wanted": day, "reason": "设备采购周期较长（示例）"})

    def test_more_time(self):
        """Asked for once, on the due day at the latest, by at most 20 working days; the new date runs when granted."""
        self.items.write({"date_due": "2026-03-13"})
        with self.on("2026-03-14"), self.assertRaises(UserError):
            self.ask(self.major, "2026-03-20")
        with self.on("2026-03-13"):
            for day in ("2026-03-13", "2026-04-14"):
                with self.subTest(day), self.assertRaises(ValidationError):
                    self.ask(self.major, day)
            row = self.ask(self.major, "2026-04-13")
            self.assertEqual(self.env["ctsp.workday"]._between("2026-03-13", "2026-04-13"), 20)
            self.assertEqual(str(self.major.date_due), "2026-03-13", "not yet")
            row.with_user(self.leader).run_transition("grant")
        self.assertEqual((str(self.major.date_due), row.sudo().decided_by), ("2026-04-13", self.leader))
        with self.on("2026-03-20"), self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.ask(self.major, "2026-04-20")

    def test_more_time_refused(self):
        """A refusal needs a reason, which the institution reads; the due date stays."""
        row = self.ask(self.minor, self.env["ctsp.workday"]._add(self.minor.date_due, 5))
        before = self.minor.date_due
        with self.assertRaises(UserError):
            row.with_user(self.reviewer).run_transition("refuse")
        row.with_user(self.reviewer).run_transition("refuse", "整改内容简单（示例）")
        self.assertEqual((row.reply, self.minor.date_due), ("整改内容简单（示例）", before))

    def test_evaluation_term(self):
        """When the last finding is verified, 20 working days run for the evaluation (inspection.assessment_days)."""
        with self.on("2026-03-02"):
            self.answer(self.items)
            self.items.with_user(self.reviewer).run_transition("accept")
        self.assertEqual(str(self.inspection.evaluation_due), "2026-03-30")

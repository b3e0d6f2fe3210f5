from datetime import timedelta

from odoo.exceptions import AccessError
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

from datetime import date, datetime
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..tools import clock
from .common import CtspCase


@tagged("post_install", "-at_install")
class TestWorkday(CtspCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Workday = cls.env["ctsp.workday"]
        cls.Workday.search([("date", ">=", "2026-12-31")]).unlink()

    def test_the_official_calendar_is_there(self):
        """2026: New Year's make-up Sunday is worked, the Spring Festival Monday is not."""
        self.assertTrue(self.Workday._is_workday(date(2026, 1, 4)))
        self.assertFalse(self.Workday._is_workday("2026-02-16"))
        self.assertTrue(self.Workday._is_workday("2026-02-13"))
        self.assertEqual(self.Workday._between("2026-09-30", "2026-10-10"), 3)
        self.assertEqual(self.Workday._add("2026-09-30", 3), date(2026, 10, 10))

    def test_the_day_stands_still_in_tests(self):
        """Midnight in China in the middle of a class moves nobody's today."""
        day = clock.today()
        with patch.object(clock, "datetime") as later:
            later.now.return_value = datetime(2099, 1, 1)
            self.assertEqual(clock.today(), day)

    def test_days_are_those_of_china(self):
        """Sunday 20:00 UTC is Monday in China, a working day."""
        self.assertTrue(self.Workday._is_workday(datetime(2026, 11, 22, 20, 0)))
        self.assertFalse(self.Workday._is_workday(date(2026, 11, 22)))

    def test_sixty_days_into_an_unpublished_year(self):
        """A first-inspection term that ends next year is computed with weekends, and says so until the rows are in."""
        end = self.Workday._add("2026-11-20", 60)
        self.assertEqual(end, date(2027, 2, 12))
        self.assertIn("2027", self.Workday._warning("2026-11-20", end))
        self.assertFalse(self.Workday._warning("2026-11-20", "2026-12-31"))
        self.Workday.create([
            {"date": "2027-01-01", "name": "元旦"}, {"date": "2027-02-08", "name": "春节"},
            {"date": "2027-02-07", "kind": "makeup", "name": "春节"}, {"date": "2027-10-01", "name": "国庆节"},
        ])
        self.assertTrue(self.Workday._is_published(2027))
        self.assertFalse(self.Workday._warning("2026-11-20", end))
        self.assertEqual(self.Workday._add("2026-11-20", 60), date(2027, 2, 15))

    def test_absurd_terms(self):
        with self.assertRaises(UserError):
            self.Workday._add("2026-01-01", 10**7)

    def test_filling_leaves_manual_rows_alone(self):
        """The scheduled action brings a missing year back but never touches a year that people maintain."""
        self.Workday.search([("year", "=", "2025")]).unlink()
        self.assertFalse(self.Workday._is_published(2025))
        manual = self.Workday.create({"date": "2025-01-01", "name": "entered by hand"})
        self.assertEqual(self.Workday._fill_from_package(), [2025])
        self.assertTrue(self.Workday._is_published(2025))
        self.assertEqual(manual.name, "entered by hand")
        manual.unlink()
        self.assertFalse(self.Workday._fill_from_package())
        self.assertFalse(self.Workday.search([("date", "=", "2025-01-01")]))

    def test_a_holiday_is_entered_at_once(self):
        """Range and make-up days become rows, entering it again corrects them; contradictions change nothing."""
        values = {
            "name": "国庆节", "source": "通知", "date_from": "2027-10-01", "date_to": "2027-10-07",
            "makeup_ids": [(0, 0, {"date": "2027-10-09"})],
        }
        Range = self.env["ctsp.workday.range"].with_user(self.role("system_admin"))
        Range.create(values).action_enter()
        rows = self.Workday.search([("year", "=", "2027")])
        self.assertEqual((len(rows), rows.filtered(lambda row: row.kind == "makeup").date), (8, date(2027, 10, 9)))
        Range.create({**values, "makeup_ids": []}).action_enter()
        self.assertEqual(self.Workday.search_count([("year", "=", "2027")]), 8)
        with self.assertRaises(ValidationError):
            Range.create({**values, "makeup_ids": [(0, 0, {"date": "2027-10-02"})]}).action_enter()
        with self.assertRaises(ValidationError):
            Range.create({**values, "date_to": "2027-09-01"})

    def test_who_may_what(self):
        row = self.Workday.search([], limit=1)
        self.assertTrue(row.with_user(self.role("regulator")).name)
        for role in ("regulator", "filing_officer", "data_steward"):
            with self.assertRaises(AccessError):
                row.with_user(self.role(role)).name = "x"
            with self.assertRaises(AccessError):
                self.env["ctsp.workday.range"].with_user(self.role(role)).create({"name": "x"})
        outsider = self.outside("Hospital")[1]
        self.assertEqual(self.Workday.with_user(outsider)._add("2026-11-20", 1), date(2026, 11, 23))

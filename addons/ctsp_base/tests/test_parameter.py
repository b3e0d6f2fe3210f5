from datetime import date, datetime

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CtspCase


@tagged("post_install", "-at_install")
class TestParameter(CtspCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Parameter = cls.env["ctsp.parameter"]

    def parameter(self, value_type="integer", rows=(("2020-01-01", "5"),)):
        return self.Parameter.create({
            "code": "test.limit", "name": "Limit", "area": "test", "value_type": value_type,
            "value_ids": [(0, 0, {"valid_from": day, "value": value}) for day, value in rows],
        })

    def test_the_value_of_the_day(self):
        """Each day has the value of the last row before it; the day a row begins already has the new one."""
        self.parameter(rows=(("2024-03-01", "30"), ("2020-01-01", "20")))
        get = self.Parameter._get
        self.assertEqual(get("test.limit", on="2020-01-01"), 20)
        self.assertEqual(get("test.limit", on=date(2024, 2, 29)), 20)
        self.assertEqual(get("test.limit", on="2024-03-01"), 30)
        self.assertEqual(get("test.limit"), 30)
        self.assertEqual(get("test.limit", on=datetime(2024, 2, 29, 16, 30)), 30, "already 1 March in China")
        for code, day in (("test.limit", "2019-12-31"), ("test.unknown", None)):
            with self.assertRaises(UserError):
                get(code, on=day)

    def test_types(self):
        parameter = self.parameter()
        for value_type, text, value in (
            ("float", "0.5", 0.5), ("char", " 01-31 ", "01-31"), ("date", "2026-09-01", date(2026, 9, 1)),
            ("boolean", "否", False), ("json", '{"a": [1]}', {"a": [1]}),
        ):
            parameter.value_ids.unlink()
            parameter.value_type = value_type
            parameter.value_ids = [(0, 0, {"valid_from": "2020-01-01", "value": text})]
            self.assertEqual(self.Parameter._get("test.limit"), value)
        self.Parameter._get("test.limit")["a"].append(2)
        self.assertEqual(self.Parameter._get("test.limit"), {"a": [1]}, "callers cannot spoil the cache")

    def test_nonsense_is_refused(self):
        """A value that is none of its type, a type its values are none of, two values from one day on."""
        parameter = self.parameter()
        for text in ("five", "5.5", ""):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                parameter.value_ids.value = text
        with self.assertRaises(ValidationError):
            parameter.value_type = "date"
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            parameter.value_ids = [(0, 0, {"valid_from": "2020-01-01", "value": "6"})]

    def test_a_change_is_in_force_at_once_and_noted(self):
        """The cache forgets on every kind of change, and the chatter keeps who changed what."""
        parameter = self.parameter()
        self.assertEqual(self.Parameter._get("test.limit"), 5)
        row = parameter.with_user(self.role("system_admin")).value_ids
        row.with_context(install_mode=True).value = "6"  # data files are not noted, callers from outside are
        self.assertEqual(self.Parameter._get("test.limit"), 6)
        self.assertIn("5 from 2020-01-01 → 6", parameter.message_ids[0].body)
        self.assertEqual(parameter.message_ids[0].author_id, self.role("system_admin").partner_id)
        row.unlink()
        with self.assertRaises(UserError):
            self.Parameter._get("test.limit")

    def test_who_may_what(self):
        """System administrators write, regulators read, every role's rules can use the value."""
        row = self.parameter().value_ids
        for role in ("filing_officer", "leader", "data_steward"):
            with self.assertRaises(AccessError):
                row.with_user(self.role(role)).value = "1"
            self.assertEqual(row.with_user(self.role(role)).value, "5")
        outsider = self.outside("Hospital")[1]
        with self.assertRaises(AccessError):
            row.with_user(outsider).read(["value"])
        self.assertEqual(self.Parameter.with_user(outsider)._get("test.limit"), 5)

    def test_shipped_limits(self):
        """管理规定 2019年第101号: 60 and 5 working days, 31 January, 3 trials; GCP 2026 Art. 14 and 44."""
        for code, value in {
            "filing.first_inspection_days": 60, "filing.change_report_days": 5, "annual_report.due": "01-31",
            "filing.pi_min_trials": 3, "filing.foreign_inspection_report_days": 5,
            "ethics.continuing_review_months": 12, "safety.susar_fatal_days": 7, "safety.susar_other_days": 15,
            "inspection.rectification_days": 20, "annual_report.reminder_days": [30, 15, 7, 1],
        }.items():
            self.assertEqual(self.Parameter._get(code, on="2026-11-01"), value, code)
        unchecked = self.env["ctsp.parameter.value"].search([("verified", "=", False)])
        self.assertTrue(all(row.note for row in unchecked), "what is not checked says so")

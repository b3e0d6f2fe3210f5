import base64
import io

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.ctsp_base.tools import clock

from .common import PlanCase


@tagged("post_install", "-at_install")
class TestOverview(PlanCase):
    """The leader's page: figures with last year's, everything leads to its records."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan_ = cls.published(institutions=cls.institution | cls.other)
        cls.overview = cls.env["ctsp.inspection.overview"].with_user(cls.role("leader"))

    def figure(self, key):
        return next(row for row in self.overview.overview_data()["figures"] if row["key"] == key)

    def test_plans_carried_out(self):
        """The share done of what is planned; cancelled ones are not to be done."""
        before = self.figure("planned")
        count, mine = self.env["ctsp.plan.report"].search_count, [("year", "=", str(clock.today().year))]
        share = count([*mine, ("done", "=", 1)]) / count([*mine, ("planned", "=", 1)])
        self.assertEqual(before["value"], round(100 * share, 1))
        line = self.plan_.line_ids[0].sudo()
        line.done_on = clock.today()
        line.run_transition("finish")
        self.env.flush_all()
        self.assertGreater(self.figure("planned")["value"], before["value"])

    def test_each_figure_opens_records(self):
        data = self.overview.overview_data()
        for part in (*data["figures"], *data["charts"], *(row for table in data["tables"] for row in table["rows"])):
            action = part["action"]
            self.overview.env[action["res_model"]].search_count(action["domain"])
        self.assertIn(clock.today().year, data["years"])

    def test_workbook(self):
        """The same figures as a workbook."""
        data = self.overview.overview_data()
        answer = self.overview.overview_xlsx()
        book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(answer["content"])))
        self.assertEqual(len(book.sheetnames), 1 + len(data["charts"]) + len(data["tables"]))
        self.assertEqual([row[0].value for row in book.worksheets[0].iter_rows(min_row=2)],
                         [figure["label"] for figure in data["figures"]])

    def test_for_whom(self):
        for role in ("inspector", "filing_officer", "data_steward"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.env["ctsp.inspection.overview"].with_user(self.role(role)).overview_data()
        with self.assertRaises(UserError):
            self.overview.overview_data(1)

    def test_days_off(self):
        """The time view knows weekends, holidays by name and make-up Saturdays (2026年部分节假日安排的通知)."""
        days = self.env["ctsp.plan.line"].with_user(self.planner).timeline_days_off("2026-02-13", "2026-03-01")
        self.assertIn("2026-02-17", days)
        self.assertTrue(days["2026-02-17"])
        self.assertNotIn("2026-02-14", days, "a Saturday on which people work")
        self.assertNotIn("2026-02-13", days)
        with self.assertRaises(UserError):
            self.env["ctsp.plan.line"].with_user(self.planner).timeline_days_off("2020-01-01", "2026-03-01")
        with self.assertRaises(AccessError):
            self.env["ctsp.plan.line"].with_user(self.outsider).timeline_days_off("2026-02-13", "2026-03-01")

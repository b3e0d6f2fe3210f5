from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from odoo.addons.ctsp_base.tests.common import CtspCase
from odoo.addons.ctsp_base.tools import clock


@tagged("post_install", "-at_install")
class TestNumberSeries(CtspCase):
    """The system administrator's screen for document numbers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sequence = cls.env["ir.sequence"].create({
            "name": "Sample", "code": "ctsp.sample", "implementation": "no_gap", "use_date_range": True,
            "prefix": "YB%(range_year)s-", "padding": 4, "company_id": False})
        cls.admin = cls.role("system_admin")
        cls.series = cls.env["ctsp.number.series"].with_user(cls.admin).browse(cls.sequence.id)
        cls.year = clock.today().year

    def draw(self):
        return self.env["ir.sequence"].with_user(self.role("filing_officer"))._draw("ctsp.sample")

    def test_the_year_is_not_the_callers(self):
        """A context comes from outside; no number of a former year is drawn by it."""
        outside = self.env["ir.sequence"].with_context(
            ir_sequence_date="2019-05-01", ir_sequence_date_range="2019-01-01")
        self.assertEqual(outside._draw("ctsp.sample"), f"YB{self.year}-0001")
        self.assertEqual(outside._draw("ctsp.sample", on=f"{self.year - 1}-05-01"), f"YB{self.year - 1}-0001")

    def test_what_comes_next(self):
        self.assertEqual((self.series.next_number, self.series.example), (1, f"YB{self.year}-0001"))
        self.assertEqual(self.draw(), f"YB{self.year}-0001")
        self.env.invalidate_all()
        self.assertEqual((self.series.next_number, self.series.drawn_count), (2, 1))
        drawn = self.env["ctsp.sequence.number"].with_user(self.admin)
        numbers = drawn.search(self.series.action_open_numbers()["domain"])
        self.assertEqual(numbers.mapped("text"), [f"YB{self.year}-0001"])

    def test_form_of_the_next_numbers(self):
        self.draw()
        self.series.write({"prefix": "新%(range_year)s字", "padding": 3, "next_number": 21})
        self.assertEqual(self.series.example, f"新{self.year}字021")
        self.assertEqual(self.series.prefix, "新{年}字")
        self.assertEqual(self.draw(), f"新{self.year}字021")
        row = self.env["ctsp.audit.event"].search([("event", "=", "numbering")], limit=1)
        self.assertEqual((row.login, row.detail["next_number"]), (self.admin.login, 21))

    def test_prefixes_as_people_write_them(self):
        """The screen speaks of {年}; what Odoo keeps is its own notation."""
        self.series.prefix = "沪〔{年}〕"
        self.assertEqual(self.sequence.prefix, "沪〔%(range_year)s〕")
        self.assertEqual(self.draw(), f"沪〔{self.year}〕0001")

    def test_bad_forms_are_refused(self):
        self.draw()
        for vals in (
            {"prefix": "YB-"}, {"prefix": ""}, {"prefix": "{年}%(day)s"}, {"prefix": "{年}{年}"},
            {"padding": 0}, {"padding": 11}, {"next_number": 1}, {"next_number": 0},
        ):
            with self.assertRaises(ValidationError, msg=str(vals)), self.cr.savepoint():
                self.series.write(vals)

    def test_others_may_not(self):
        for role in ("security_admin", "audit_admin", "filing_officer", "data_steward"):
            with self.assertRaises(AccessError):
                self.series.with_user(self.role(role)).write({"padding": 6})
        with self.assertRaises(AccessError):
            self.series.create({"prefix": "X%(range_year)s"})

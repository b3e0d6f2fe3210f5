import ast

from odoo.tests import tagged

from .common import FilingCase


@tagged("post_install", "-at_install")
class TestReport(FilingCase):
    """Figures of the filing statistics, against filings counted by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other.district_id = False
        # four filings: approved with a new specialty after one return, refused, under way, a draft
        first = cls.change(name="示例第一医院（示例）")
        cls.add_specialty(first)
        first = cls.accepted(first)
        first.run_transition("return", "补充（示例）")
        first.with_user(cls.outsider).run_transition("resubmit")
        first.run_transition("accept")
        cls.answer_checklist(first)
        first.run_transition("approve")
        cls.at(first, "2026-03-02 01:00:00", "2026-03-12 02:00:00")
        second = cls.accepted(cls.change(name="示例改名医院（示例）"))
        second.run_transition("refuse", "不符（示例）")
        # handed in on 31 March in China, on 30 March in UTC
        cls.at(second, "2026-03-30 17:00:00", "2026-04-01 17:30:00")
        third = cls.change(user=cls.stranger, institution_id=cls.other.id, name="示例二院新名（示例）")
        third.run_transition("submit")
        cls.change(name="草稿（示例）")
        cls.filings = first | second | third.sudo()
        cls.first, cls.second, cls.third = first, second, third
        cls.report = cls.env["ctsp.filing.report"].with_user(cls.role("leader"))
        cls.ours = [("institution_id", "in", (cls.institution | cls.other).ids)]

    @classmethod
    def at(cls, filing, submitted, decided):
        """Put the filing's course at known times (the stamps are the workflow's own)."""
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE ctsp_filing SET submitted_at = %s, decided_at = %s WHERE id = %s", [submitted, decided, filing.id])
        cls.env.invalidate_all()

    def test_one_row_for_each_that_was_handed_in(self):
        rows = self.report.search(self.ours)
        self.assertEqual(set(rows.mapped("filing_id.id")), set(self.filings.ids))

    def test_figures_by_state(self):
        groups = self.report._read_group(
            self.ours, ["state"], ["__count", "return_count:sum", "added_specialties:sum", "removed_specialties:sum"])
        self.assertEqual(sorted(groups), [
            ("approved", 1, 1, 1, 0), ("refused", 1, 0, 0, 0), ("submitted", 1, 0, 0, 0)])

    def test_days_and_dates_are_those_of_china(self):
        rows = {row.filing_id.id: row for row in self.report.search(self.ours)}
        approved, refused, waiting = (rows[row.id] for row in (self.first, self.second, self.third))
        self.assertEqual((str(approved.submitted_on), str(approved.decided_on), approved.review_days), (
            "2026-03-02", "2026-03-12", 10))
        self.assertEqual((str(refused.submitted_on), str(refused.decided_on), refused.review_days), (
            "2026-03-31", "2026-04-02", 2))
        self.assertFalse(waiting.decided_on)
        [(average,)] = self.report._read_group(self.ours, [], ["review_days:avg"])
        self.assertEqual(average, 6)

    def test_by_district_and_officer(self):
        groups = dict(self.report._read_group(self.ours, ["district_id"], ["__count"]))
        self.assertEqual({district.id: count for district, count in groups.items()}, {self.district.id: 2, False: 1})
        groups = dict(self.report._read_group(
            [*self.ours, ("state", "in", ("approved", "refused"))], ["reviewer_id"], ["__count"]))
        self.assertEqual({user.id: count for user, count in groups.items()}, {self.officer.id: 2})

    def test_saved_filters_work(self):
        """Each shipped filter opens: its domain, groups and measures exist."""
        for saved in self.env["ir.filters"].search([("model_id", "in", ("ctsp.filing.report", "ctsp.annual.figure"))]):
            with self.subTest(filter=saved.name):
                context = ast.literal_eval(saved.context)
                measures = [name if name == "__count" else f"{name}:sum" for name in context["pivot_measures"]]
                groups = [*context["pivot_row_groupby"], *context["pivot_column_groupby"]]
                self.env[saved.model_id].with_user(self.role("leader"))._read_group(
                    saved._get_eval_domain(), groups, measures)

    def test_xlsx_is_offered(self):
        """Statistics are exported like every list."""
        offered = dict(self.env["ctsp.export.job"]._selection_models())
        for model in ("ctsp.filing.report", "ctsp.trial.report", "ctsp.institution.report", "ctsp.specialty.report",
                      "ctsp.person.report"):
            self.assertIn(model, offered)

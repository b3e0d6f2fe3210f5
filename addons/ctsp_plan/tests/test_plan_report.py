from odoo.tests import tagged

from .common import PlanCase

DUE = "2026-06-30"


@tagged("post_install", "-at_install")
class TestPlanReport(PlanCase):
    """Completion of plans beside figures counted by hand: one visit a day early, one three days late, one not made,
    one cancelled; all were due on 30 June 2026.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        homes = cls.institution | cls.other
        plans = cls.plan(institutions=homes, year=2026) | cls.plan("special", institutions=homes, year=2026)
        plans.line_ids.sudo().date_due = DUE
        plans[0].run_transition("publish")
        plans[1].run_transition("publish")
        cls.lines = plans.line_ids.sudo()
        for line, day in zip(cls.lines, ("2026-06-29", "2026-07-03"), strict=False):
            line.done_on = day
            line._set_state("done", "示例")
        cls.lines[3]._set_state("cancelled", "示例")
        cls.env.flush_all()
        cls.report = cls.env["ctsp.plan.report"].with_user(cls.role("leader"))

    def rows(self, by, measures):
        return self.report._read_group([("line_id", "in", self.lines.ids)], by, measures)

    def test_figures(self):
        [figures] = self.rows([], [
            "planned:sum", "done:sum", "in_time:sum", "late:sum", "cancelled:sum", "completion:avg", "days_late:avg"])
        planned, done, in_time, late, cancelled, completion, days = figures
        self.assertEqual((planned, done, in_time, late, cancelled), (3, 2, 1, 2, 1))
        self.assertAlmostEqual(completion, 200 / 3, 1)
        self.assertEqual(days, 1, "a day early and three days late")

    def test_dimensions(self):
        """By kind of plan, institution, district and level."""
        self.assertEqual(self.rows(["kind"], ["planned:sum", "done:sum"]), [("routine", 2, 2), ("special", 1, 0)])
        by_home = {home: (planned, late) for home, planned, late in self.rows(
            ["institution_id"], ["planned:sum", "late:sum"])}
        self.assertEqual(by_home[self.lines[0].institution_id], (2, 1))
        self.assertEqual(by_home[self.lines[1].institution_id], (1, 1))
        by_level = dict(self.rows(["level_id"], ["__count"]))
        self.assertEqual(sum(by_level.values()), 4)
        self.assertLessEqual(by_level.keys(), {line.institution_id.level_id for line in self.lines})

    def test_row_opens_the_visit(self):
        row = self.report.search([("line_id", "=", self.lines[0].id)])
        action = row.action_open_record()
        self.assertEqual((action["res_model"], action["res_id"]), ("ctsp.plan.line", self.lines[0].id))

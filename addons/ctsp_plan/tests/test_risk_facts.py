from odoo.tests import tagged

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_inspection.tests.rectification_common import RectificationCase

EVEN = {"time": 1, "history": 1, "findings": 1, "volume": 1, "novelty": 1, "alerts": 1}


@tagged("post_install", "-at_install")
class TestRiskFacts(RectificationCase):
    """What the score of an institution is fed with, counted by hand, and the sentences that explain it."""

    def facts(self, institution, day):
        return self.env["ctsp.plan.risk"]._facts(institution, clock.as_date(day))[institution.id]

    def external(self, institution, **values):
        return self.env["ctsp.inspection.external"].create({
            "institution_id": institution.id, "authority": "境外监管机构（示例）", "authority_kind": "foreign",
            "date_start": "2025-05-06", **values})

    def test_overdue_rectifications(self):
        """Overdue from the day after the due day on; answered ones are with the authority and do not count."""
        self.items.write({"date_due": "2026-03-13"})
        self.assertEqual(self.facts(self.a, "2026-03-13").overdue_rectifications, 0)
        self.assertEqual(self.facts(self.a, "2026-03-14").overdue_rectifications, 3)
        with self.on("2026-03-16"):
            self.answer(self.minor)
        self.assertEqual(self.facts(self.a, "2026-03-17").overdue_rectifications, 2)
        self.assertEqual(self.facts(self.b, "2026-03-17").overdue_rectifications, 0)

    def test_other_authorities(self):
        """Their visit, conclusion and findings count like ours; older than three years, or later than the day: not."""
        self.external(self.b, conclusion="fail", major_count=2, minor_count=3)
        self.external(self.b, date_start="2024-06-03", conclusion="rectify", critical_count=1)
        self.external(self.b, date_start="2023-03-01", conclusion="fail", critical_count=9)
        self.external(self.b, date_start="2026-06-01", conclusion="fail", critical_count=9)
        facts = self.facts(self.b, "2026-03-14")
        self.assertEqual(
            (facts.others_failed, facts.others_to_rectify, facts.others_critical, facts.others_major,
             facts.others_minor), (1, 1, 1, 2, 3))
        self.assertEqual((facts.failed, facts.critical), (0, 0), "our own are counted apart")
        self.assertTrue(facts.visited_by_others)
        self.assertAlmostEqual(facts.months_since_visit, 312 / 30.4, 3)  # 6 May 2025 to 14 March 2026: 312 days

    def test_later_visit_counts(self):
        """Our own visit after theirs is the last one."""
        self.external(self.a)
        self.assertFalse(self.facts(self.a, clock.today()).visited_by_others)

    def test_score_by_hand(self):
        """Points of an institution only others inspected: 28.5 by time, 70 by history, 26 by findings, a sixth each."""
        self.env["ctsp.plan.weight"].search([]).unlink()
        self.env["ctsp.plan.weight"].create([
            {"part": part, "weight": weight, "valid_from": "2020-01-01"} for part, weight in EVEN.items()])
        self.external(self.b, conclusion="fail", major_count=2, minor_count=3)
        whole, parts = self.env["ctsp.plan.risk"]._scores(self.b, clock.as_date("2026-03-14"))[self.b.id]
        values = {part.code: part.value for part in parts}
        self.assertEqual((values["time"], values["history"], values["findings"]), (28.5, 70, 26))
        self.assertEqual(values["volume"] + values["novelty"] + values["alerts"], 0)
        self.assertAlmostEqual(whole, 124.5 / 6, 0)

    def test_rows_explain_it(self):
        """The rows of a planned visit say what is overdue and what came from other authorities."""
        self.external(self.b, conclusion="fail", major_count=2, minor_count=3)
        self.items.write({"date_due": "2026-03-13"})
        plan = self.env["ctsp.plan"].with_user(self.planner).create({
            "kind": "routine", "year": clock.today().year, "basis": "示例依据（示例）", "line_ids": [
                (0, 0, {"institution_id": home.id, "date_due": clock.today()}) for home in (self.a, self.b)]})
        plan.action_score()
        by_home = {line.institution_id: {row.part: row.sentence for row in line.sudo().score_ids}
                   for line in plan.line_ids}
        self.assertIn("逾期未整改3项", by_home[self.a]["findings"])
        self.assertNotIn("其他部门", by_home[self.a]["findings"])
        self.assertIn("（其中其他部门检查5项）", by_home[self.b]["findings"])
        self.assertIn("（其中其他部门检查1项）", by_home[self.b]["history"])
        self.assertIn("（由其他部门检查）", by_home[self.b]["time"])

    def test_queries_do_not_grow(self):
        """A hundred institutions are scored in the queries of one."""
        def queries(institutions):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["ctsp.plan.risk"]._scores(institutions)
            return self.env.cr.sql_log_count - before
        queries(self.a | self.b)
        self.assertEqual(queries(self.a), queries(self.a | self.b))

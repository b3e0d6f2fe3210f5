from odoo.exceptions import AccessError
from odoo.tests import BaseCase, tagged

from ..tools.consistency import verdict, wilson
from .common import InspectionCase


@tagged("post_install", "-at_install")
class TestStatistics(InspectionCase):
    """What was inspected is counted once, by whoever may read it, and leads back to the records."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leader_user = cls.role("leader")
        cls.first = cls.approved(cls.recorded(cls.begun()))
        returned = cls.recorded(cls.begun(date_planned_from="2026-04-01", date_planned_to="2026-04-02"), ("1.1", "2.1"))
        returned.run_transition("submit")
        reviewed = returned.with_user(cls.reviewer)
        reviewed.run_transition("return", "请补充（示例）")
        cls.second = cls.approved(returned)
        cls.unfinished = cls.begun()
        cls.env.flush_all()

    def rows(self, model, user=None):
        return self.env[model].with_user(user or self.leader_user).search([("institution_id", "=", self.a.id)])

    def test_one_row_per_inspection(self):
        """An inspection under way counts as made; returned once is not right the first time."""
        rows = self.rows("ctsp.inspection.report")
        self.assertEqual(rows.inspection_id.ids, sorted(
            (self.first | self.second | self.unfinished).ids, reverse=True))
        by_id = {row.id: row for row in rows}
        self.assertEqual(by_id[self.first.id].first_right, 100)
        self.assertEqual((by_id[self.second.id].first_right, by_id[self.second.id].return_count), (0, 1))
        self.assertEqual(by_id[self.second.id].finding_count, 2)
        self.assertEqual(by_id[self.first.id].team_size, 2)
        self.assertEqual(by_id[self.first.id].action_open_record()["res_id"], self.first.id)
        [(average,)] = rows._read_group([("id", "in", rows.ids)], [], ["first_right:avg"])
        self.assertEqual(average, 50, "what is not approved yet is no part of the share")

    def test_clauses(self):
        """Only approved inspections and clauses that were checked; the share is of the times checked."""
        rows = self.rows("ctsp.clause.report")
        self.assertNotIn(self.unfinished, rows.inspection_id)
        mine = rows.filtered(lambda row: row.clause_id == self.clauses[0])
        self.assertEqual((len(mine), sum(mine.mapped("nonconform"))), (2, 1))
        [(share,)] = rows._read_group([("id", "in", mine.ids)], [], ["rate:avg"])
        self.assertEqual(share, 50)
        self.assertFalse(rows.filtered(lambda row: row.clause_id == self.clauses[2]), "not applicable does not count")

    def test_conclusions_by_specialty(self):
        rows = self.rows("ctsp.inspection.object.report")
        self.assertEqual(rows.inspection_id, self.first | self.second)
        self.assertIn(self.specialty_a.discipline_id, rows.discipline_id)

    def test_inspectors_beside_their_peers(self):
        """One inspector alone has no peers; figures agree with the pure function."""
        self.env.flush_all()
        row = self.env["ctsp.inspector.report"].with_user(self.leader_user).search(
            [("inspector_id", "=", self.people[0].id)])
        self.assertEqual((row.inspections, row.checked, row.nonconform), (2, 6, 3))
        low, high = wilson(3, 6)
        self.assertAlmostEqual(row.rate_low, low, 1)
        self.assertAlmostEqual(row.rate_high, high, 1)
        self.assertFalse(row.verdict)

    def test_registry_statistics_know_inspections(self):
        row = self.env["ctsp.institution.report"].with_user(self.leader_user).search(
            [("institution_id", "=", self.a.id)])
        self.assertEqual(row.inspection_count, 2)
        self.assertEqual(row.last_inspection, self.second.date_start)
        with self.assertRaises(AccessError):
            row.with_user(self.role("filing_officer")).read(["inspection_count"])

    def test_who_reads_them(self):
        """Inspectors and filing officers do not see others' inspections by way of the statistics."""
        for role in ("inspector", "filing_officer", "data_steward"):
            for model in ("ctsp.inspection.report", "ctsp.clause.report", "ctsp.inspector.report"):
                with self.subTest(role=role, model=model), self.assertRaises(AccessError):
                    self.env[model].with_user(self.role(role)).search([])
        with self.assertRaises(AccessError):
            self.env["ctsp.inspector.report"].with_user(self.role("risk_analyst")).search([])


@tagged("post_install", "-at_install")
class TestConsistency(BaseCase):
    """Wilson's interval and what it says."""

    def test_known_values(self):
        """Textbook values: 5 of 10 lies between 23.7 and 76.3 %."""
        low, high = wilson(5, 10)
        self.assertAlmostEqual(low, 23.7, 1)
        self.assertAlmostEqual(high, 76.3, 1)
        self.assertEqual(wilson(0, 0), (0, 100))
        with self.assertRaises(ValueError):
            wilson(3, 2)

    def test_few_cases_say_nothing(self):
        self.assertEqual(verdict(*wilson(3, 10), 15), "within")
        self.assertEqual(verdict(*wilson(300, 1000), 15), "above")
        self.assertEqual(verdict(*wilson(50, 1000), 15), "below")

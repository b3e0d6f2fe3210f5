from odoo.exceptions import UserError
from odoo.tests import tagged

from .rectification_common import RectificationCase


@tagged("post_install", "-at_install")
class TestCorrection(RectificationCase):
    """A correction after approval: the institution acts on what was approved until the correction is approved too."""

    def setUp(self):
        super().setUp()
        self.line = self.minor.finding_id.line_id.with_user(self.inspector)

    def correct(self):
        """Open the inspection for correction; return it as its leader."""
        self.inspection.run_transition("correct", "现场记录有误（示例）")
        return self.inspection.with_user(self.inspector)

    def verified(self):
        self.answer(self.items)
        self.items.with_user(self.inspector).run_transition("accept")

    def test_nothing_happens_before_approval(self):
        """A wrong tap, taken back or not, changes no issued finding; papers and conclusions follow what is recorded."""
        due, text = self.minor.date_due, self.minor.finding_description
        team = self.correct()
        self.note(self.line, result="conform")
        self.assertEqual((self.minor.state, self.minor.finding_id.state), ("waiting", "issued"))
        team.action_propose()
        self.assertEqual(sum(team.conclusion_ids.mapped("minor")), 0)
        self.assertEqual(team._document_values("defect_list")["counts"]["total"], 2)
        self.note(self.line, result="nonconform", description="改写（示例）", grade="major", grade_reason="示例")
        self.assertEqual((self.minor.finding_description, self.minor.grade), (text, "minor"))
        self.assertIn("改写（示例）", [row["description"] for row in team._document_values("defect_list")["findings"]])
        self.note(self.line, result="nonconform", description="改写（示例）", grade="minor")
        self.approved(self.concluded(team))
        self.inspection.run_transition("rectify")
        self.assertEqual((self.minor.state, self.minor.date_due), ("waiting", due), "its time limit goes on")
        self.assertEqual(self.minor.finding_description, "改写（示例）")

    def test_never_cancelled(self):
        """An inspection under correction is not cancelled: its rectification would be left alone."""
        self.correct()
        with self.assertRaises(UserError):
            self.inspection.with_user(self.planner).run_transition("cancel", "示例")

    def test_goes_on_where_it_was(self):
        """Everything verified before or during a correction: issuing goes on to the evaluation, whose limit begins."""
        with self.on("2026-03-02"):
            self.verified()
            self.assertTrue(self.inspection.evaluation_due)
            team = self.correct()
            self.assertFalse(self.inspection.evaluation_due, "nothing is evaluated while it is corrected")
        with self.on("2026-03-09"):
            self.approved(self.concluded(team))
            with self.assertRaises(UserError):
                self.inspection.evaluate("pass")
            self.inspection.run_transition("rectify")
        self.assertEqual(str(self.inspection.evaluation_due), "2026-04-07")
        self.inspection.evaluate("pass")
        self.inspection.run_transition("close")

    def test_new_finding_stops_the_evaluation(self):
        """A finding issued by a correction is verified before the evaluation is due."""
        self.verified()
        line = self.inspection.line_ids.filtered("photo_required").with_user(self.inspector)
        line.sudo()._engine().photo_required = False
        self.corrected(line, result="nonconform", description="新缺陷（示例）")
        self.assertFalse(self.inspection.evaluation_due)
        self.assertEqual(len(self.inspection.rectification_ids), 4)

    def test_evaluation_lapses(self):
        """A correction takes the evaluation back; no evaluation twice, none in passing, no reopening after it."""
        self.verified()
        self.inspection.evaluate("pass")
        with self.assertRaises(UserError):
            self.inspection.evaluate("fail", "示例")
        with self.assertRaises(UserError):
            self.minor.with_user(self.reviewer).run_transition("reopen", "示例")
        self.inspection.run_transition("close")
        with self.assertRaises(UserError):
            self.minor.with_user(self.reviewer).run_transition("reopen", "示例")
        team = self.correct()
        self.assertFalse(self.inspection.evaluation or self.inspection.evaluated_by)
        self.approved(self.concluded(team))
        with self.assertRaises(UserError):
            self.inspection.run_transition("close")

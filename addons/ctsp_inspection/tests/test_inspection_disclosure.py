import base64
import io

import openpyxl

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .rectification_common import RectificationCase


@tagged("post_install", "-at_install")
class TestInspectionDisclosure(RectificationCase):
    """Four public fields and the institution leave the house, after a leader's approval, and nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.partner_id.lang = "en_US"  # the language of what is written down for good
        cls.list = cls.env["ctsp.inspection.disclosure"].with_user(cls.planner).create({"name": "检查结果公示（示例）"})
        cls.list.action_collect()

    def test_collected(self):
        """Settled inspections that are on no list yet are collected; unapproved ones cannot be put on one."""
        line = self.list.line_ids.filtered(lambda row: row.inspection_id == self.inspection)
        self.assertEqual((line.institution, line.record_no), (self.a.name, self.a.record_no))
        self.assertEqual((line.category, line.handling), ("Routine Inspection", "Rectify in Time"))
        other = self.list.copy({"name": "二"})
        self.assertFalse(other.line_ids)
        with self.assertRaises(UserError):
            other.action_collect()
        with self.assertRaises(ValidationError):
            other.line_ids = [Command.create({"inspection_id": self.begun().id})]

    def test_texts_are_not_typed(self):
        """Nobody types what is published: it is what the inspection says."""
        line = self.list.line_ids[:1]
        line.write({"result": "x", "handling": "x"})
        self.assertNotIn("x", (line.result, line.handling))

    def test_approval(self):
        """Handed in it is frozen; a leader other than who handed it in approves; only then it is exported."""
        self.list.run_transition("submit")
        self.assertTrue(self.list.number)
        for attempt in (lambda: self.list.write({"name": "x"}), lambda: self.list.line_ids.unlink(),
                        lambda: self.list.action_collect(), lambda: self.list.action_export()):
            with self.assertRaises(UserError):
                attempt()
        for user in (self.planner, self.reviewer, self.inspector):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.list.with_user(user).run_transition("approve")
        approved = self.list.with_user(self.leader)
        approved.run_transition("approve")
        self.assertEqual(approved.approved_by, self.leader)
        self.assertIn("approve", approved.transition_log_ids.mapped("transition"))
        self.list.run_transition("publish")
        self.list.place = "https://example.org"
        self.assertEqual(self.list.state, "published")

    def test_export(self):
        """The workbook has the six public columns; the export is in the audit log."""
        self.list.run_transition("submit")
        self.list.with_user(self.leader).run_transition("approve")
        self.list.action_export()
        job = self.env["ctsp.export.job"].search([("res_model", "=", "ctsp.inspection.disclosure.line")], limit=1)
        sheet = openpyxl.load_workbook(io.BytesIO(base64.b64decode(job.attachment_id.datas))).active
        rows = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
        header = next(row for row in rows if "Inspection Result" in row)
        self.assertEqual(header, [
            "Institution Name", "Filing No.", "Inspection Date", "Inspection Category", "Inspection Result",
            "Handling"])
        self.assertTrue(any(self.a.name in row for row in rows))
        self.assertTrue(self.env["ctsp.audit.event"].search_count([("event", "=", "export")]))

    def test_evaluation_is_the_result(self):
        """After the rectification the comprehensive evaluation is what is published."""
        self.inspection.evaluate("fail", "示例")
        self.list.run_transition("submit")
        line = self.list.line_ids.filtered(lambda row: row.inspection_id == self.inspection)
        self.assertEqual(line.result, "Does Not Meet the Requirements")

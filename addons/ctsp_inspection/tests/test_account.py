import uuid

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import InspectionCase


@tagged("post_install", "-at_install")
class TestAccount(InspectionCase):
    """Conclusions and the account go through the same service as clauses: revision, conflict, operation id, rights."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.inspection = cls.begun()
        for line in cls.inspection.line_ids:
            cls.note(line, result="na" if line.photo_required else "conform")
        cls.inspection.action_propose()
        cls.row = cls.inspection.conclusion_ids[0]

    def send(self, user, revision, identifier=None, row=None, **values):
        """Record on the account, or on the conclusion ``row``; return the answer."""
        [answer] = self.env["ctsp.inspection"].with_user(user).record(self.inspection.id, [{
            "id": identifier or str(uuid.uuid4()), "revision": revision, "values": values,
            **({"conclusion": row.id} if row else {"account": True})}])
        return answer

    def test_two_writers(self):
        """Who looked at an older revision is refused and shown both; nothing is overwritten, each writing is noted."""
        first = self.send(self.inspector, 0, summary="甲（示例）", handling="none")
        self.assertEqual((first["status"], first["account"]["revision"]), ("done", 1))
        second = self.send(self.second, 0, summary="乙（示例）")
        self.assertEqual((second["status"], second["account"]["summary"]), ("conflict", "甲（示例）"))
        self.assertIn(self.inspector.name, second["message"])
        self.assertEqual(self.inspection.summary, "甲（示例）")
        third = self.send(self.second, 1, summary="甲、乙（示例）")
        self.assertEqual((third["status"], third["account"]["recorded_by"]), ("done", self.second.name))
        self.assertEqual((self.inspection.summary, self.inspection.handling), ("甲、乙（示例）", "none"))
        operations = self.env["ctsp.inspection.operation"].search([
            ("inspection_id", "=", self.inspection.id), ("part", "=", "account")])
        self.assertEqual(operations.mapped("revision"), [2, 1])
        self.assertEqual(operations[0].recorded, {"summary": "甲、乙（示例）"})

    def test_repeated(self):
        """An operation sent again writes once; its id is good for nothing else."""
        identifier = str(uuid.uuid4())
        self.assertEqual(self.send(self.inspector, 0, identifier, summary="甲（示例）")["status"], "done")
        self.send(self.second, 1, summary="乙（示例）")
        again = self.send(self.inspector, 0, identifier, summary="甲（示例）")
        self.assertEqual((again["status"], again["account"]["summary"]), ("repeated", "乙（示例）"))
        self.assertEqual(self.send(self.second, 2, identifier, summary="丙")["status"], "refused")
        self.assertEqual(self.send(self.inspector, 2, identifier, row=self.row, decided="pass")["status"], "refused")

    def test_conclusion(self):
        """The leader decides, one revision each; the proposal follows the statement on the quality system at once."""
        answer = self.send(self.inspector, 0, row=self.row, sound_system="sound")
        self.assertEqual((answer["status"], answer["conclusion"]["revision"]), ("done", 1))
        self.assertTrue(answer["conclusion"]["proposed"])
        stale = self.send(self.inspector, 0, row=self.row, decided="fail", reason="示例")
        self.assertEqual((stale["status"], stale["conclusion"]["decided"]), ("conflict", False))
        self.assertEqual(self.send(self.inspector, 1, row=self.row, decided="pass")["status"], "done")
        self.assertEqual((self.row.decided, self.row.recorded_by), ("pass", self.inspector))

    def test_what_is_whose(self):
        """Conclusions and handling are the leader's, the rest the team's; after handing in nothing is anybody's."""
        for values in ({"row": self.row, "decided": "pass"}, {"handling": "none"}):
            answer = self.send(self.second, 0, **values)
            self.assertEqual(answer["status"], "refused")
            self.assertTrue(answer["message"])
        self.assertEqual(self.send(self.second, 0, attendants="陪同人（示例）")["status"], "done")
        with self.assertRaises(UserError):
            self.send(self.stranger, 1, summary="示例")
        self.inspection._set_state("submitted", "test")
        self.assertEqual(self.send(self.inspector, 1, summary="示例")["status"], "refused")
        self.assertFalse(self.inspection.summary)

    def test_written_elsewhere(self):
        """What a reviewer or a step writes is a new revision as well: a screen that looked before is told."""
        self.inspection.write({"summary": "他处（示例）"})
        self.row.write({"decided": "pass"})
        self.assertEqual(self.send(self.second, 0, summary="乙（示例）")["status"], "conflict")
        self.assertEqual(self.send(self.inspector, 0, row=self.row, decided="fail")["status"], "conflict")
        opened = self.env["ctsp.inspection"].with_user(self.second).record_open(self.inspection.id)
        self.assertEqual((opened["account"]["revision"], opened["account"]["summary"]), (1, "他处（示例）"))
        self.assertEqual(opened["conclusions"][0]["revision"], 1)

    def test_refused(self):
        """A day before the visit, a conclusion that is not drawn any more, values of another kind: a reason each."""
        day = self.send(self.inspector, 0, date_end="2020-01-01", summary="示例")
        self.assertEqual((day["status"], day["account"]["revision"]), ("refused", 0))
        self.assertFalse(self.inspection.summary, "all of it or nothing")
        specialty = self.inspection.conclusion_ids.filtered(lambda row: row.object == "specialty")
        self.note(self.inspection.line_ids.filtered("specialty_id"), result="unchecked")
        self.inspection.action_propose()
        gone = self.send(self.inspector, 0, row=specialty, decided="pass")
        self.assertEqual((gone["status"], gone["conclusion"]), ("refused", None))
        for values in ({"result": "conform"}, {"date_end": "2026-02-30"}, {"handling": "x"}, {"summary": "x" * 20001}):
            with self.subTest(list(values)), self.assertRaises(UserError):
                self.send(self.inspector, 0, **values)
        with self.assertRaises(UserError):
            self.env["ctsp.inspection"].with_user(self.inspector).record(self.inspection.id, [{
                "id": str(uuid.uuid4()), "account": True, "line": 1, "revision": 0, "values": {"summary": "示例"}}])

    def test_together(self):
        """Clauses and account in one batch; with ``atomic`` all or none, and what is stored is told by its own name."""
        line = self.inspection.line_ids[0]
        answers = self.env["ctsp.inspection"].with_user(self.second).record(self.inspection.id, [
            {"id": str(uuid.uuid4()), "account": True, "revision": 0, "values": {"summary": "示例"}},
            self.operation(line, line.revision + 7, result="na")], atomic=True)
        self.assertEqual([answer["status"] for answer in answers], ["refused", "conflict"])
        self.assertEqual((answers[0]["account"]["summary"], answers[1]["line"]["result"]), ("", "conform"))
        self.assertFalse(self.inspection.summary)

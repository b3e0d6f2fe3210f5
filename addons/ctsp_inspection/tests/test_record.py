import uuid

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import InspectionCase


@tagged("post_install", "-at_install")
class TestRecord(InspectionCase):
    """The service layer of recording: revisions, operation ids, rights, what it refuses and what follows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.inspection = cls.begun()
        cls.first, cls.major = cls.inspection.line_ids[:2]

    def send(self, *operations, user=None, **keywords):
        return self.env["ctsp.inspection"].with_user(user or self.inspector).record(
            self.inspection.id, list(operations), **keywords)

    def test_done(self):
        """A recording is written with who, when and the next revision, and noted as an operation."""
        answer = self.note(self.first, result="conform")
        self.assertEqual((answer["status"], answer["line"]["revision"]), ("done", 1))
        self.assertEqual((self.first.result, self.first.recorded_by), ("conform", self.inspector))
        operation = self.first.operation_ids
        self.assertEqual((operation.revision, operation.user_id), (1, self.inspector))
        self.assertEqual(operation.recorded["result"], "conform")

    def test_stale(self):
        """Who looked at an older revision is refused and shown what is stored; nothing is overwritten."""
        stale = self.first.revision
        self.note(self.first.with_user(self.second), result="nonconform", description="乙")
        [answer] = self.send(self.operation(self.first, stale, result="conform"))
        self.assertEqual((answer["status"], answer["line"]["description"]), ("conflict", "乙"))
        self.assertEqual(answer["line"]["recorded_by"], self.second.name)
        self.assertIn(self.second.name, answer["message"])
        self.assertEqual(self.first.result, "nonconform")

    def test_repeated(self):
        """The same operation sent again writes once, also after the inspection was handed in."""
        operation = self.operation(self.first, result="conform")
        self.assertEqual([row["status"] for row in self.send(operation)], ["done"])
        self.assertEqual([row["status"] for row in self.send(operation)], ["repeated"])
        self.inspection._set_state("submitted", "test")
        self.assertEqual([row["status"] for row in self.send(operation)], ["repeated"])
        self.assertEqual(self.first.revision, 1)

    def test_operation_id_of_another(self):
        """An operation id cannot be used for something else, nor by somebody else."""
        identifier = str(uuid.uuid4())
        self.send(self.operation(self.first, identifier=identifier, result="conform"))
        [answer] = self.send(self.operation(self.major, identifier=identifier, result="conform"))
        self.assertEqual(answer["status"], "refused")
        [answer] = self.send(self.operation(self.first, identifier=identifier, result="na"), user=self.second)
        self.assertEqual((answer["status"], self.first.result), ("refused", "conform"))

    def test_batch_each(self):
        """Operations of a call stand for themselves, in their order."""
        answers = self.send(
            self.operation(self.major, revision=7, result="conform"), self.operation(self.first, result="conform"),
            self.operation(self.first, revision=1, result="na"))
        self.assertEqual([answer["status"] for answer in answers], ["conflict", "done", "done"])
        self.assertEqual(self.first.result, "na")

    def test_batch_all_or_none(self):
        """With ``atomic`` one refusal takes everything back, findings too."""
        operations = [self.operation(self.first, result="nonconform", description="甲"),
                      self.operation(self.major, revision=7, result="conform")]
        answers = self.send(*operations, atomic=True)
        self.assertEqual([answer["status"] for answer in answers], ["refused", "conflict"])
        self.assertEqual((self.first.result, self.first.revision), ("unchecked", 0))
        self.assertEqual(answers[0]["line"]["revision"], 0)
        self.assertFalse(self.inspection.finding_ids)
        operations[1]["revision"] = 0
        self.assertEqual([row["status"] for row in self.send(*operations, atomic=True)], ["done", "done"])

    def test_grade(self):
        """The clause's grade unless changed; a change needs its reason; another result empties both."""
        self.note(self.major, result="nonconform", description="甲")
        self.assertEqual(self.major.grade, "major")
        answer = self.note(self.major, grade="minor")
        self.assertEqual((answer["status"], self.major.grade), ("refused", "major"))
        self.note(self.major, grade="minor", grade_reason="影响有限")
        self.assertEqual(self.inspection.finding_ids.grade, "minor")
        self.note(self.major, result="conform")
        self.assertEqual((self.major.grade, self.major.grade_reason), (False, False))

    def test_finding_follows(self):
        """The finding comes, changes and goes with its clause."""
        self.note(self.first, result="nonconform", description="甲")
        finding = self.inspection.finding_ids
        self.assertEqual((finding.description, finding.grade, finding.institution_id), ("甲", "critical", self.a))
        finding.objection = "机构认为记录存于档案室"
        self.note(self.first, description="乙")
        self.assertEqual((finding.description, finding.objection), ("乙", "机构认为记录存于档案室"))
        self.note(self.first, result="conform")
        self.assertFalse(finding.exists())

    def test_malformed(self):
        """What is not an operation is refused with its place and member, and nothing of the call is written."""
        good = self.operation(self.first, result="conform")
        bad = [
            [], "x", [good] * 201, [good, good], [{**good, "id": "1"}], [{**good, "line": "1"}],
            [{**good, "line": True}], [{**good, "revision": -1}], [{**good, "values": {}}],
            [{**good, "values": {"result": "good"}}],
            [{**good, "values": {"recorded_by": 1}}], [{**good, "values": {"description": "x" * 5001}}],
            [{**good, "values": {"result": None}}], [{**good, "values": {"description": ["x"]}}],
            [{**good, "values": {"result": ["conform"]}}],
        ]
        for operations in bad:
            with self.subTest(str(operations)[:80]), self.assertRaises(UserError):
                self.env["ctsp.inspection"].with_user(self.inspector).record(self.inspection.id, operations)
        self.assertEqual(self.first.revision, 0)

    def test_foreign_line(self):
        """A clause of another inspection is refused and not shown."""
        other = self.begun()
        [answer] = self.send(self.operation(other.line_ids[0], result="conform"))
        self.assertEqual((answer["status"], answer["line"]), ("refused", None))

    def test_who_may(self):
        """Team members record; observers, planners, reviewers and leaders do not; others do not even read."""
        self.inspection.with_user(self.planner).write({"member_ids": [(0, 0, {
            "inspector_id": self.make_inspector(self.stranger).id, "role": "observer"})]})
        for user in (self.stranger, self.planner, self.reviewer, self.leader):
            with self.subTest(user.login):
                answer = self.note(self.first.with_user(user), result="conform")
                self.assertEqual(answer["status"], "refused")
        outsider = self.inspector.copy({"login": "test_inspector_4"})
        for user in (outsider, self.officer, self.user_a):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.env["ctsp.inspection"].with_user(user).record(
                    self.inspection.id, [self.operation(self.first, result="conform")])
        self.assertEqual(self.note(self.first.with_user(self.second), result="conform")["status"], "done")

    def test_who_declared_a_conflict(self):
        """Who declared a conflict of interest records no more, until the planner replaced him."""
        self.inspection.member_ids[1].with_user(self.second).declare(True, "曾在该机构任职")
        self.assertEqual(self.note(self.first.with_user(self.second), result="conform")["status"], "refused")
        self.assertFalse(self.inspection.with_user(self.second).may_record)

    def test_states(self):
        """Recording is possible on site and when returned, nowhere else."""
        for state in ("assigned", "submitted", "review", "approved", "rectification", "closed", "cancelled"):
            with self.subTest(state):
                self.inspection._set_state(state, "test")
                self.assertEqual(self.note(self.first, result="conform")["status"], "refused")
        for state in ("onsite", "returned"):
            self.inspection._set_state(state, "test")
            self.assertEqual(self.note(self.first, result="conform")["status"], "done")

    def test_no_other_way(self):
        """Lines, operations and findings are not written around the service layer, by superuser code neither."""
        for record, values in ((self.first, {"result": "conform"}), (self.first.sudo(), {"revision": 9})):
            with self.assertRaises(AccessError):
                record.write(values)
        with self.assertRaises(AccessError):
            self.inspection.write({"line_ids": [(1, self.first.id, {"result": "conform"})]})
        with self.assertRaises(AccessError):
            self.first.with_context(ctsp_inspection_line_engine=True).sudo().write({"result": "conform"})
        self.note(self.first, result="nonconform", description="甲")
        for values in ({"description": "x"}, {"grade": "minor"}, {"state": "dropped"}):
            with self.assertRaises(AccessError):
                self.inspection.finding_ids.write(values)
        with self.assertRaises(AccessError):
            self.env["ctsp.finding"].with_user(self.inspector).create({
                "inspection_id": self.inspection.id, "institution_id": self.a.id, "grade": "minor"})
        with self.assertRaises(AccessError):
            self.first.operation_ids.unlink()

    def test_reading(self):
        """The screen gets everything at once, afterwards only what others changed."""
        opened = self.env["ctsp.inspection"].with_user(self.inspector).record_open(self.inspection.id)
        self.assertEqual(len(opened["lines"]), 4)
        self.assertTrue(opened["inspection"]["is_leader"])
        held = {str(line["id"]): line["revision"] for line in opened["lines"]}
        self.note(self.first.with_user(self.second), result="na")
        changes = self.env["ctsp.inspection"].with_user(self.inspector).record_changes(self.inspection.id, held)
        self.assertEqual([(line["id"], line["result"]) for line in changes["lines"]], [(self.first.id, "na")])

    def test_open_in_few_queries(self):
        """A check list of 200 clauses opens with as many queries as one of four."""
        clauses = self.env["ctsp.clause.library"].create({
            "name": "大型要点（示例）", "code": "T-large", "section_ids": [(0, 0, {"name": "一"})]})
        self.env["ctsp.clause"].create([{
            "library_id": clauses.id, "section_id": clauses.section_ids.id, "number": str(number), "point": "要点",
            "content": "内容", "object": "institution"} for number in range(200)])
        clauses.action_publish()
        large = self.begun(library_id=clauses.id)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(40):
            self.env["ctsp.inspection"].with_user(self.inspector).record_open(large.id)

    def test_phrases(self):
        """Wordings of the clause are offered and counted."""
        phrase = self.env["ctsp.finding.phrase"].create({"clause_id": self.first.clause_id.id, "text": "授权表缺签名"})
        inspections = self.env["ctsp.inspection"].with_user(self.inspector)
        self.assertEqual([row["id"] for row in inspections.record_suggest(self.first.id, "")], [phrase.id])
        inspections.record_phrase_used(self.inspection.id, phrase.id)
        self.assertEqual(phrase.use_count, 1)

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PROOF, InspectionCase


@tagged("post_install", "-at_install")
class TestFlow(InspectionCase):
    """An inspection from draft to closed, and what each step asks for."""

    def test_whole_way(self):
        """Draft, assigned, on site, recorded, handed in, reviewed, approved, issued, verified, closed."""
        draft = self.make()
        self.assertFalse(draft.number)
        self.assertEqual(draft.leader_id, self.people[0])
        draft.run_transition("assign")
        self.assertTrue(draft.number)
        self.assertEqual(draft.line_ids.mapped("number"), ["1.1", "1.2", "1.3", "2.1"])
        inspection = draft.with_user(self.inspector)
        inspection.run_transition("start")
        for member in inspection.member_ids:
            member.with_user(member.user_id).declare(False)
        self.recorded(inspection)
        self.assertEqual(inspection.finding_ids.mapped("number"), ["1.2"])
        self.assertEqual(inspection.finding_ids.grade, "major")
        inspection.run_transition("submit")
        self.assertEqual((inspection.state, inspection.major_count), ("submitted", 1))
        self.assertEqual(len(inspection.content_digest), 64)
        inspection = inspection.with_user(self.reviewer)
        inspection.run_transition("review")
        inspection.run_transition("approve")
        self.assertEqual((len(inspection.version_ids.digest), inspection.content_state), (64, "intact"))
        inspection.run_transition("rectify")
        self.assertEqual(inspection.finding_ids.state, "issued")
        with self.assertRaises(UserError):
            inspection.run_transition("close")
        item = inspection.rectification_ids.with_user(self.user_a)
        item.write({"cause": "示例", "correction": "示例", "prevention": "示例", "file_ids": [Command.create(PROOF)]})
        item.run_transition("answer")
        inspection.rectification_ids.run_transition("accept")
        self.assertEqual(inspection.finding_ids.state, "accepted")
        inspection.evaluate("pass")
        inspection.run_transition("close")
        self.assertEqual(inspection.state, "closed")

    def test_checks_before_handing_in(self):
        """Unchecked critical clauses, missing photos, an undeclared member, a missing conclusion stop it."""
        inspection = self.begun()
        inspection.member_ids[1].sudo().declaration = "pending"
        photo = inspection.line_ids.filtered("photo_required")
        self.note(photo, result="conform")
        self.note(inspection.line_ids[1], result="nonconform")
        with self.assertRaises(UserError) as caught:
            inspection.run_transition("submit")
        text = str(caught.exception)
        for part in ("1.1", photo.number, self.people[1].name, "the conclusion is missing", "Say what was found"):
            self.assertIn(part, text)
        self.assertEqual(inspection.state, "onsite")

    def test_team_of_one(self):
        """One inspector is not enough; an observer does not count."""
        inspection = self.begun()
        inspection.member_ids[1].sudo().role = "observer"
        with self.assertRaises(UserError) as caught:
            inspection.run_transition("submit")
        self.assertIn("1 inspectors", str(caught.exception))

    def test_only_leader_hands_in(self):
        inspection = self.recorded(self.begun())
        with self.assertRaises(AccessError):
            inspection.with_user(self.second).run_transition("submit")

    def test_locked_after_handing_in(self):
        """Lines, findings, conclusions, team and account are fixed; recording is refused."""
        inspection = self.recorded(self.begun())
        inspection.run_transition("submit")
        answer = self.note(inspection.line_ids[0], result="na")
        self.assertEqual(answer["status"], "refused")
        for record, values in (
                (inspection, {"summary": "x"}), (inspection, {"handling": "none"}),
                (inspection.finding_ids, {"objection": "x"}), (inspection.conclusion_ids[:1], {"decided": "fail"}),
                (inspection.member_ids[1].with_user(self.planner), {"role": "observer"}),
                (inspection.with_user(self.planner), {"name": "x"})):
            with self.subTest(record._name), self.assertRaises(UserError):
                record.write(values)
        with self.assertRaises(UserError):
            inspection.member_ids.with_user(self.planner).unlink()
        with self.assertRaises(UserError):
            inspection.with_user(self.planner).unlink()

    def test_altered_in_the_database(self):
        """A line changed past the platform is found; a person who takes another name is not a change."""
        inspection = self.recorded(self.begun())
        inspection.run_transition("submit")
        self.people[0].sudo().name = "改名（示例）"
        self.assertEqual(inspection.content_state, "intact")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ctsp_inspection_line SET result = 'conform' WHERE id = %s", [inspection.line_ids[1].id])
        self.env.invalidate_all()
        self.assertEqual(inspection.content_state, "altered")

    def test_returned(self):
        """A reviewer returns with a reason; the team records again."""
        inspection = self.recorded(self.begun())
        inspection.run_transition("submit")
        review = inspection.with_user(self.reviewer)
        with self.assertRaises(UserError):
            review.run_transition("return")
        review.run_transition("return", reason="请补充照片")
        self.assertEqual(self.note(inspection.line_ids[0], result="na")["status"], "done")
        inspection.run_transition("submit")

    def test_correction_keeps_the_old(self):
        """After approval a correction makes a new version; the old one stays readable, with who and why."""
        inspection = self.approved(self.recorded(self.begun()))
        inspection.run_transition("rectify")
        inspection.run_transition("correct", reason="条款1.2认定有误")
        mine = inspection.with_user(self.inspector)
        self.assertEqual((mine.state, mine.version), ("returned", 2))
        old = mine.version_ids
        self.assertEqual((old.superseded_by, old.superseded_reason), (self.reviewer, "条款1.2认定有误"))
        self.note(mine.line_ids[1], result="conform")
        self.assertEqual(mine.finding_ids.state, "issued", "nobody approved the correction yet")
        mine.action_propose()
        for row in mine.conclusion_ids:
            row.write({"sound_system": "sound", "decided": row.proposed or "pass", "reason": "示例"})
        again = self.approved(mine)
        self.assertEqual(again.finding_ids.state, "dropped", "the institution has seen it: it is not deleted")
        self.assertEqual(again.version_ids.mapped("version"), [2, 1])
        self.assertEqual([line["result"] for line in old.content["lines"] if line["number"] == "1.2"], ["nonconform"])
        self.assertIn("培训记录不完整", str(old.content_html))
        with self.assertRaises(AccessError):
            old.write({"digest": "x"})

    def test_end_of_the_visit(self):
        """A visit of 2 to 4 March whose report is handed in on the 11th ended on the 4th, unless somebody says so."""
        with self.on("2026-03-02"):
            planned, short, entered = (self.recorded(self.begun()) for _ in range(3))
        with self.on("2026-03-03"):
            short.run_transition("submit")
        entered.date_end = "2026-03-05"
        with self.on("2026-03-11"):
            account = self.env["ctsp.inspection"].with_user(self.inspector).record_open(planned.id)["account"]
            (planned | entered).run_transition("submit")
        self.assertEqual(account["date_end"], "2026-03-04")
        self.assertEqual([str(row.date_end) for row in (planned, short, entered)],
                         ["2026-03-04", "2026-03-03", "2026-03-05"])

    def test_delete(self):
        """A draft is deleted by who made it; nobody deletes what was assigned."""
        draft = self.make()
        other = self.planner.copy({"login": "test_planner_2"})
        with self.assertRaises(UserError):
            draft.with_user(other).unlink()
        draft._lines_make()
        draft.unlink()
        self.assertFalse(draft.exists())
        gone = self.make()
        gone.run_transition("assign")
        with self.assertRaises(UserError):
            gone.unlink()
        with self.assertRaises(UserError):
            gone.run_transition("cancel")
        gone.run_transition("cancel", reason="机构已取消备案")
        self.assertEqual(gone.state, "cancelled")

    def test_lines_follow_the_check_list(self):
        """Filling in anew drops what does not belong and keeps what was recorded; texts are frozen."""
        draft = self.env["ctsp.inspection"].with_user(self.planner)._start_from({
            "institution_id": self.a.id, "library_id": self.library.id})
        self.assertEqual(draft.line_ids.mapped("number"), ["1.1", "1.2", "1.3"], "no specialty, no clause on one")
        draft.specialty_ids = self.specialty_a
        draft.action_make_lines()
        self.assertEqual(draft.line_ids.filtered("specialty_id").mapped("number"), ["2.1"])
        self.assertEqual(draft.line_ids[0].content, "内容1.1")

    def test_declarations_are_personal(self):
        """Nobody declares for another, nobody writes a declaration."""
        inspection = self.begun()
        member = inspection.member_ids[1]
        with self.assertRaises(AccessError):
            member.declare(False)
        with self.assertRaises(AccessError):
            member.with_user(self.planner).write({"declaration": "none"})
        with self.assertRaises(UserError):
            member.with_user(self.second).declare(True)
        member.with_user(self.second).declare(True, "曾在该机构任职")
        self.assertEqual(member.declaration, "conflict")

from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

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

    def test_failed_evaluation(self):
        """What was not rectified ends with the evaluation; statistics agree; a correction issues it anew."""
        self.answer(self.major)
        self.inspection.evaluate("fail", "示例")
        self.assertEqual(set(self.inspection.finding_ids.mapped("state")), {"failed"})
        self.assertEqual(self.env["ctsp.finding"].with_user(self.user_a).search_count([]), 3)
        self.env.flush_all()
        row = self.env["ctsp.institution.report"].search([("institution_id", "=", self.a.id)])
        self.assertEqual((row.inspection_finding_count, row.open_finding_count), (3, 0))
        team = self.correct()
        self.approved(self.concluded(team))
        self.inspection.run_transition("rectify")
        self.assertEqual(set(self.items.mapped("state")), {"waiting"})
        self.assertEqual(set(self.inspection.finding_ids.mapped("state")), {"issued"})

    def test_once_per_issue(self):
        """More time and an objection once: a return is no new issue, a finding issued anew is one."""
        def ask(on_day):
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                for model, values in (("extension", {"date_wanted": on_day}), ("objection", {})):
                    self.env[f"ctsp.rectification.{model}"].with_user(self.user_a).create({
                        "rectification_id": self.minor.id, "reason": "示例", **values})

        later = self.env["ctsp.workday"]._add(self.minor.date_due, 5)
        ask(later)
        self.answer(self.minor)
        self.minor.with_user(self.inspector).run_transition("return", "证据不充分（示例）")
        self.assertTrue(self.minor.has_asked_time and self.minor.has_objected)
        with self.assertRaises(UniqueViolation):
            ask(self.env["ctsp.workday"]._add(self.minor.date_due, 5))
        self.minor.objection_ids.with_user(self.reviewer).run_transition("overrule", "缺陷属实（示例）")
        self.inspection.evaluate("fail", "示例")
        team = self.correct()
        self.approved(self.concluded(team))
        self.inspection.run_transition("rectify")
        self.assertEqual((self.minor.state, self.minor.issue_number, self.minor.has_asked_time), ("waiting", 2, False))
        ask(self.env["ctsp.workday"]._add(self.minor.date_due, 5))
        self.assertEqual(sorted(self.minor.extension_ids.mapped("issue_number")), [1, 2])

    def test_upheld_objection_counts_no_more(self):
        row = self.env["ctsp.rectification.objection"].with_user(self.user_a).create({
            "rectification_id": self.minor.id, "reason": "示例"})
        row.with_user(self.reviewer).run_transition("uphold", "异议成立（示例）")
        self.assertEqual((self.inspection.minor_count, self.inspection.major_count), (0, 1))


@tagged("post_install", "-at_install")
class TestTold(RectificationCase):
    """Who is told what: the institution on its desk, the decider by a task that goes when it is decided."""

    def tasks(self, code):
        kind = self.env.ref(f"ctsp_inspection.mail_activity_type_{code}")
        return self.items.activity_ids.filtered(lambda task: task.activity_type_id == kind)

    def unread(self):
        """Return ``(tone, item)`` of what the institution has not read yet."""
        notices = self.env["ctsp.desk.notice"].with_user(self.user_a).search([("is_seen", "=", False)])
        return [(notice.tone, self.items.browse(notice.res_id)) for notice in notices]

    def test_decisions(self):
        """A task to decide outlives the acceptance of an answer only while there is something to decide."""
        due = self.env["ctsp.workday"]._add(self.minor.date_due, 3)
        requests = {
            "extension": {"rectification_id": self.minor.id, "date_wanted": due, "reason": "示例"},
            "objection": {"rectification_id": self.minor.id, "reason": "示例"}}
        rows = {code: self.env[f"ctsp.rectification.{code}"].with_user(self.user_a).create(values)
                for code, values in requests.items()}
        rows["extension"].with_user(self.reviewer).run_transition("grant")
        self.assertFalse(self.tasks("extension"))
        self.answer(self.minor)
        self.minor.with_user(self.inspector).run_transition("accept")
        self.assertTrue(self.tasks("objection"), "nobody decided yet")
        rows["objection"].with_user(self.leader).run_transition("overrule", "缺陷事实清楚（示例）")
        self.assertFalse(self.tasks("objection"))

    def test_notices(self):
        """Issued, returned, decided, evaluated: the institution is told once each, and reads the newest."""
        [(tone, item)] = self.unread()
        self.assertEqual((tone, item <= self.items), ("warning", True), "one for all that was issued")
        self.answer(self.items)
        self.assertFalse(self.unread(), "answered: it does not hold any more")
        self.major.with_user(self.inspector).run_transition("return", "请补充记录（示例）")
        self.assertEqual(self.unread(), [("warning", self.major)])
        self.inspection.evaluate("fail", "示例")
        self.assertIn("danger", [tone for tone, _item in self.unread()])
        self.assertFalse(self.env["ctsp.desk.notice"].with_user(self.user_b).search([]))

    def test_dismissed_stays_silent(self):
        """An alert that was dismissed does not come back every night, but when the risk was gone in between."""
        self.items.write({"date_due": "2026-03-13"})
        watch = self.env["ctsp.rectification"]._cron_watch
        with self.on("2026-03-16"):
            watch()
            alert = self.env["ctsp.risk.alert"].search([("dedup_key", "=", f"rectification:{self.inspection.id}")])
            alert.run_transition("dismiss", "已电话确认（示例）")
            watch()
            self.assertEqual(self.alerts(), {"warning": "dismissed"})
            self.answer(self.items)
            self.items.with_user(self.inspector).run_transition("return", "示例")
        self.items.write({"date_due": "2026-03-13"})
        with self.on("2026-03-17"):
            watch()
            self.assertEqual(self.env["ctsp.risk.alert"].search_count([
                ("dedup_key", "=", f"rectification:{self.inspection.id}"), ("state", "=", "assigned")]), 1)

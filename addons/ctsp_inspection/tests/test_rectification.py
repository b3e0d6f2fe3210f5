from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PROOF
from .rectification_common import ANSWER, RectificationCase


@tagged("post_install", "-at_install")
class TestRectification(RectificationCase):
    """From the issued finding to the evaluated inspection, and who may do what."""

    def test_one_per_finding(self):
        """Issuing makes one rectification per finding, which the institution sees; before, it sees nothing."""
        self.assertEqual(self.items.finding_id, self.inspection.finding_ids)
        self.assertEqual(set(self.items.mapped("state")), {"waiting"})
        seen = self.env["ctsp.rectification"].with_user(self.user_a).search([])
        self.assertEqual(seen, self.items.with_user(self.user_a))
        self.assertFalse(self.env["ctsp.rectification"].with_user(self.user_b).search([]))
        self.approved(self.recorded(self.begun()))
        self.assertEqual(self.env["ctsp.rectification"].with_user(self.user_a).search([]), seen)

    def test_from_the_finding(self):
        """A finding leads to its rectification and names its rule and evidence, which is the authority's to read."""
        finding = self.major.finding_id.with_user(self.inspector)
        self.assertEqual(finding.action_open_rectification()["res_id"], self.major.id)
        self.assertEqual(finding.basis, finding.clause_id.basis)
        pieces = self.env["ctsp.inspection.evidence"].search_count([("line_id", "=", finding.line_id.id)])
        self.assertEqual(finding.evidence_count, pieces)
        self.assertEqual(finding.action_open_evidence()["domain"], [("line_id", "in", finding.line_id.ids)])
        with self.assertRaises(AccessError):
            self.major.finding_id.with_user(self.user_a).read(["basis"])

    def test_answer_must_be_complete(self):
        """Cause, correction, prevention; a file for findings above minor."""
        item = self.major.with_user(self.user_a)
        with self.assertRaises(UserError):
            item.run_transition("answer")
        item.write(ANSWER)
        with self.assertRaises(UserError):
            item.run_transition("answer")
        item.file_ids = [Command.create(PROOF)]
        item.run_transition("answer")
        self.assertEqual((self.major.state, self.major.finding_id.state), ("answered", "answered"))
        minor = self.minor.with_user(self.user_a)
        minor.write(ANSWER)
        minor.run_transition("answer")
        self.assertEqual(self.minor.state, "answered")

    def test_rounds_and_fixed_files(self):
        """Each answer is frozen as it was handed in; its files cannot be changed or removed, others can be added."""
        self.answer(self.major)
        item = self.major.with_user(self.user_a)
        with self.assertRaises(AccessError):
            item.correction = "x"
        self.major.with_user(self.inspector).run_transition("return", "请补充记录（示例）")
        self.assertEqual((item.state, item.return_reason), ("returned", "请补充记录（示例）"))
        self.assertEqual(self.major.finding_id.state, "issued")
        file = item.file_ids
        for attempt in (lambda: file.unlink(), lambda: file.write({"data": PROOF["data"]})):
            with self.assertRaises(UserError):
                attempt()
        item.write({"correction": "第二次整改（示例）", "file_ids": [Command.create({**PROOF, "file_name": "2.pdf"})]})
        item.run_transition("answer")
        self.major.with_user(self.second).run_transition("accept")
        rounds = self.major.round_ids.sorted("number")
        self.assertEqual(rounds.mapped("correction"), [ANSWER["correction"], "第二次整改（示例）"])
        self.assertEqual(rounds.mapped("result"), ["returned", "accepted"])
        self.assertEqual(rounds[0].files.count("SM3"), 1)
        self.assertEqual(self.major.finding_id.state, "accepted")
        for user in (self.user_a, self.inspector, self.reviewer, self.leader):
            with self.subTest(user.login), self.assertRaises(AccessError):
                rounds[0].with_user(user).write({"correction": "x"})

    def test_who_verifies(self):
        """The team, reviewers and leaders verify; another inspector, a planner and the institution do not."""
        self.answer(self.items)
        for user in (self.stranger, self.planner, self.user_a, self.officer):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.major.with_user(user).run_transition("accept")
        with self.assertRaises(UserError):
            self.major.with_user(self.inspector).run_transition("return")
        self.major.with_user(self.leader).run_transition("accept")
        self.assertFalse(self.env["ctsp.rectification"].with_user(self.stranger).search([]))

    def test_regulator_writes_notes_only(self):
        """Nobody at the regulator changes an answer or a date; notes are hidden from the institution."""
        for values in ({"cause": "x"}, {"date_due": "2099-01-01"}, {"rule": "drug"}):
            with self.subTest(str(values)), self.assertRaises(AccessError):
                self.major.with_user(self.inspector).write(values)
        self.major.with_user(self.inspector).note = "内部（示例）"
        with self.assertRaises(AccessError):
            self.major.with_user(self.user_a).read(["note"])
        with self.assertRaises(UserError):
            self.major.with_user(self.user_a).write({"finding_id": False})
        for name in ("date_due", "state", "return_reason"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.major.with_user(self.user_a).write({name: False})

    def test_objection_upheld(self):
        """An upheld objection drops the finding and ends its rectification; the reason is read by the institution."""
        row = self.env["ctsp.rectification.objection"].with_user(self.user_a).create({
            "rectification_id": self.minor.id, "reason": "现场已提供该记录（示例）"})
        with self.assertRaises(AccessError):
            row.with_user(self.inspector).run_transition("uphold", "x")
        row.with_user(self.reviewer).run_transition("uphold", "经核实异议成立（示例）")
        self.assertEqual((self.minor.state, self.minor.finding_id.state), ("cancelled", "dropped"))
        self.assertEqual((row.state, row.reply), ("upheld", "经核实异议成立（示例）"))

    def test_objection_overruled(self):
        """An overruled objection changes nothing; it is raised once."""
        values = {"rectification_id": self.minor.id, "reason": "示例"}
        row = self.env["ctsp.rectification.objection"].with_user(self.user_a).create(values)
        row.with_user(self.leader).run_transition("overrule", "缺陷事实清楚（示例）")
        self.assertEqual((row.state, self.minor.state), ("overruled", "waiting"))
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.env["ctsp.rectification.objection"].with_user(self.user_a).create(values)
        self.answer(self.major)
        with self.assertRaises(AccessError):
            self.env["ctsp.rectification.objection"].with_user(self.user_a).create({
                "rectification_id": self.major.id, "reason": "已提交后（示例）"})

    def test_evaluation(self):
        """No closing without evaluation; no pass while findings are open; a fail needs a reason and ends the rest."""
        inspection = self.inspection
        with self.assertRaises(UserError):
            inspection.run_transition("close")
        with self.assertRaises(UserError):
            inspection.evaluate("pass")
        with self.assertRaises(UserError):
            inspection.evaluate("fail", " ")
        for user in (self.inspector, self.planner):
            with self.subTest(user.login), self.assertRaises(AccessError):
                inspection.with_user(user).evaluate("fail", "x")
        with self.assertRaises(AccessError):
            inspection.with_user(self.planner).write({"evaluation": "pass"})
        self.answer(self.major)
        self.major.with_user(self.reviewer).run_transition("accept")
        inspection.with_user(self.leader).evaluate("fail", "逾期未整改（示例）")
        self.assertEqual(set(self.items.mapped("state")), {"accepted", "cancelled"})
        inspection.run_transition("close")
        self.assertEqual((inspection.state, inspection.evaluation, inspection.evaluated_by),
                         ("closed", "fail", self.leader))

    def test_evaluation_pass(self):
        """All accepted: the reviewer gets the task, passes and closes."""
        self.answer(self.items)
        self.items.with_user(self.inspector).run_transition("accept")
        self.assertTrue(self.inspection.evaluation_due)
        card = next(card for card in self.env["ctsp.home"].with_user(self.reviewer)._cards()
                    if card["key"] == "inspection_evaluate")
        self.assertEqual(card["count"], 1)
        self.inspection.evaluate("pass")
        self.inspection.run_transition("close")
        self.assertEqual((self.inspection.state, self.inspection.evaluation), ("closed", "pass"))

    def test_correction_drops_and_renews(self):
        """A correction that makes a clause conform cancels the rectification once it is approved; issued anew, it
        starts again, one that was verified too.
        """
        inspection, line = self.inspection, self.minor.finding_id.line_id.with_user(self.inspector)
        for before in ("waiting", "accepted"):
            if before == "accepted":
                self.answer(self.minor)
                self.minor.with_user(self.inspector).run_transition("accept")
            self.corrected(line, result="conform")
            self.assertEqual(self.minor.finding_id.state, "dropped")
            self.assertEqual(self.minor.state, "cancelled" if before == "waiting" else "accepted")
            self.corrected(line, result="nonconform", description="仍不符合（示例）")
            self.assertEqual((self.minor.state, self.minor.finding_id.state), ("waiting", "issued"))
            self.assertEqual(self.minor.finding_description, "仍不符合（示例）")
            self.assertEqual(inspection.minor_count, 1)

    def test_home_and_desk(self):
        """The institution finds what to answer and by when; the team what to verify."""
        desk = self.env["ctsp.desk"].with_user(self.user_a)
        counts = {card["title"]: card["count"] for card in desk._cards()}
        self.assertEqual(counts["Findings to answer"], 3)
        self.assertEqual(len([line for line in desk._deadlines() if line["key"].startswith("ctsp.rectification,")]), 3)
        self.answer(self.minor)
        cards = {card["key"]: card["count"] for card in self.env["ctsp.home"].with_user(self.inspector)._cards()}
        self.assertEqual(cards["rectification_verify"], 1)
        self.assertNotIn("rectification_time", cards)

    def test_list_in_few_queries(self):
        """A list of all items takes a constant number of queries."""
        names = ["institution_id", "inspection_number", "finding_number", "finding_description", "grade", "date_due",
                 "days_left", "urgency", "round_count", "state"]
        spec = {name: {"fields": {"display_name": {}}} if name == "institution_id" else {} for name in names}
        model = self.env["ctsp.rectification"].with_user(self.reviewer)

        def queries(domain):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            model.web_search_read(domain, spec)
            return self.env.cr.sql_log_count - before
        queries([])
        self.assertEqual(queries([("id", "=", self.minor.id)]), queries([("id", "in", self.items.ids)]))

from unittest.mock import patch

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .test_integrity import IntegrityCase


class FindingsCase(IntegrityCase):
    """Findings of verifications of access control."""

    def setUp(self):
        super().setUp()
        self.admin, self.auditor = self.role("security_admin"), self.role("audit_admin")
        self.alerts = self.env["ctsp.audit.alert"]
        self.env.company.partner_id.lang = "zh_CN"

    def verify(self):
        """Verify, and return the verification and the alerts it raised."""
        before = self.alerts.search([])
        for alert in before:
            alert.who = str(alert.id)  # those of the nights before: a name is made of scope and minute
        one = self.env["ctsp.integrity.verification"].create({"scope": "access"})
        one._run_now()
        self.end()
        return one, self.alerts.search([]) - before

    def alter(self, rule, name):
        self.sql("UPDATE ir_rule SET name = %s WHERE id = %s", name, rule.id)

    def close(self, issues, outcome, reason="已核对，系统运维误操作（示例）", user=None):
        wizard = self.env["ctsp.integrity.close"].with_user(user or self.admin).with_context(
            active_model="ctsp.integrity.issue", active_ids=issues.ids).create({"outcome": outcome, "reason": reason})
        wizard.action_close()
        self.end()


@tagged("post_install", "-at_install")
class TestFindings(FindingsCase):
    """A finding is one row until it changes, is closed with a reason, and is not told twice."""

    def test_once(self):
        """The same finding of two nights is one row and one alert, in whose words row and field stand."""
        self.alter(self.rule, "x")
        one, alert = self.verify()
        two, again = self.verify()
        self.assertEqual((one.state, two.state, one.issue_ids), ("broken", "broken", two.issue_ids))
        self.assertEqual((len(alert), alert.count, len(again)), (1, 1, 0))
        chinese = self.env(context={"lang": "zh_CN"})
        label = self.env["ir.rule"]._fields["name"]._description_string(chinese)
        kind = dict(one.issue_ids._fields["kind"]._description_selection(chinese))["altered"]
        self.assertEqual(alert.detail, f"规则（编号 {self.rule.id}）的“{label}”：{kind}")
        todo = alert.activity_ids.filtered(lambda todo: todo.user_id == self.auditor)
        self.assertIn(str(self.rule.id), todo.note)
        self.assertNotIn("x", alert.name + alert.detail, "what was put in is nobody's to read in an alert")

    def test_acknowledged(self):
        """Known findings are counted and stay findings, but are told again only when they change once more."""
        self.alter(self.rule, "x")
        one, alert = self.verify()
        self.close(one.issue_ids, "known")
        alert.write({"state": "handled"})
        two, none = self.verify()
        self.assertEqual((two.state, two.issue_count, two.known_count, len(none)), ("broken", 1, 1, 0))
        self.assertTrue(self.found(), "acknowledging makes nothing genuine")
        self.alter(self.rule, "y")
        three, news = self.verify()
        self.assertEqual((three.issue_count, three.known_count, len(news)), (1, 0, 1))
        self.assertTrue(one.issue_ids.gone_on, "what was acknowledged is not what is there now")

    def test_of_one_verification(self):
        """A verification opens what it found itself, also what an earlier one had found, and nothing else."""
        self.alter(self.rule, "x")
        one, _alert = self.verify()
        self.alter(self.other, "y")
        two, _alert = self.verify()
        opened = self.env.ref("ctsp_crypto.ctsp_integrity_issue_action_found")
        issues = self.env["ctsp.integrity.issue"]
        for verification, rules in ((one, self.rule), (two, self.rule | self.other)):
            found = issues.search(safe_eval(opened.domain, {"active_id": verification.id}))
            self.assertEqual(set(found.mapped("res_id")), set(rules.ids))
            self.assertEqual(found, verification.issue_ids)

    def test_not_handled(self):
        """Where the alert was closed and nobody handled the finding, it is told again."""
        self.alter(self.rule, "x")
        _one, alert = self.verify()
        alert.with_user(self.auditor).result = "已通知安全管理员（示例）"
        alert.with_user(self.auditor).action_handled()
        _two, again = self.verify()
        self.assertEqual(len(again), 1)

    def test_gone(self):
        """A check says what it does not find any more; it waits for somebody all the same, and is told if back."""
        self.alter(self.rule, "x")
        one, _alert = self.verify()
        issue = one.issue_ids
        self.alter(self.rule, "one")
        self.assertEqual(self.verify()[0].state, "intact")
        self.assertTrue(issue.gone_on)
        self.assertEqual(issue.state, "open")
        self.close(issue, "restored")
        self.alter(self.rule, "x")
        _three, news = self.verify()
        self.assertEqual((issue.state, issue.gone_on, len(news)), ("open", False, 1))

    def test_whole_rows(self):
        """A row put in and acknowledged is told again when it is changed once more."""
        self.sql("INSERT INTO ir_rule (name, model_id, active, domain_force, perm_read)"
                 " VALUES ('put in', %s, TRUE, '[]', TRUE)", self.model.id)
        one, _alert = self.verify()
        self.assertEqual(one.issue_ids.mapped("kind"), ["added"])
        self.close(one.issue_ids, "known")
        self.assertFalse(self.verify()[1])
        self.sql("UPDATE ir_rule SET perm_write = TRUE WHERE id = %s", one.issue_ids.res_id)
        self.assertTrue(self.verify()[1])

    def test_honest(self):
        """Nothing is put right that is still found, nor known that changed meanwhile; a reason must be said."""
        self.alter(self.rule, "x")
        issue = self.verify()[0].issue_ids
        for outcome, reason, words in (
                ("restored", "已恢复", "is still found"), ("known", "  ", "who it was")):
            with self.assertRaisesRegex(UserError, words):
                self.close(issue, outcome, reason)
        self.alter(self.rule, "y")
        with self.assertRaisesRegex(UserError, "not what was found"):
            self.close(issue, "known")
        self.rule.name = "one"
        self.end()
        self.close(issue, "restored")
        self.assertFalse(self.found())
        row = self.env["ctsp.audit.log"].search([("event", "=", "integrity.handled")], limit=1)
        self.assertEqual((row.res_ids, row.detail["reason"]), (issue.ids, issue.reason))
        with self.assertRaisesRegex(UserError, "handled already"):
            self.close(issue, "known")

    def test_put_right_through_the_platform(self):
        """Entering the right value is no new alert about what is told already, and leaves nothing to be found."""
        self.alter(self.rule, "x")
        issue = self.verify()[0].issue_ids
        before = self.alerts.search([])
        self.rule.name = "one"
        self.end()
        self.assertEqual(self.alerts.search([]), before)
        self.assertTrue(issue.gone_on)

    def test_silenced_by_sql(self):
        """Who closes a finding in the database silences nothing, and is found himself."""
        self.alter(self.rule, "x")
        one, alert = self.verify()
        alert.write({"state": "handled"})
        self.sql("UPDATE ctsp_integrity_issue SET state = 'known' WHERE id = %s", one.issue_ids.id)
        _two, news = self.verify()
        self.assertTrue(news.filtered(lambda alert: str(self.rule.id) in alert.detail))
        self.end()
        altered = self.env["ctsp.integrity.issue"].search([("model", "=", "ctsp.integrity.issue")])
        self.assertEqual(altered.mapped("field_name"), ["state"])

    def test_who(self):
        """The audit administrator watches; nobody handles findings about his own account."""
        self.alter(self.rule, "x")
        issue = self.verify()[0].issue_ids
        self.assertTrue(issue.with_user(self.auditor).read(["state", "reason"]))
        with self.assertRaises(AccessError):
            self.close(issue, "known", user=self.auditor)
        with self.assertRaises(AccessError):
            issue.with_user(self.admin).write({"state": "known"})
        self.sql("UPDATE res_users SET share = TRUE WHERE id = %s", self.admin.id)
        own = self.env["ctsp.integrity.issue"]._note(self.integrity._check("res.users", self.admin.ids))
        with self.assertRaisesRegex(UserError, "another security administrator"):
            self.close(own, "known")
        theirs = self.env["ir.cron"].search([], limit=1)
        theirs.user_id = self.admin
        self.end()
        self.sql("UPDATE ir_cron SET interval_number = 77 WHERE id = %s", theirs.id)
        own = self.env["ctsp.integrity.issue"]._note(self.integrity._check("ir.cron", theirs.ids))
        with self.assertRaisesRegex(UserError, "another security administrator"):
            self.close(own, "known")

    def test_search(self):
        """Neither of the two who see findings is offered to search by what the other alone may read."""
        issues = self.env["ctsp.integrity.issue"]
        for user, others in ((self.admin, "alert_id"), (self.auditor, "verification_ids")):
            arch = etree.fromstring(issues.with_user(user).get_view(view_type="search")["arch"])
            names = {node.get("name") for node in arch.iter("field")}
            self.assertIn("record_name", names)
            self.assertNotIn(others, names)
            groups = " ".join(node.get("context", "") for node in arch.iter("filter"))
            self.assertEqual("verification_id" in groups, user == self.admin)

    def test_many(self):
        """Ten are named, the others counted; an open alert that names more is told anew."""
        rules = self.env["ir.rule"].create([
            {"name": f"r{n}", "model_id": self.model.id, "domain_force": "[]"} for n in range(14)])
        self.sql("UPDATE ir_rule SET name = 'x' WHERE id = ANY(%s)", rules.ids)
        lines = self.verify()[1].detail.splitlines()
        self.assertEqual((len(lines), lines[-1]), (11, "另有 4 处"))

    def test_more_than_are_kept(self):
        """Beyond what is kept the number is right, and it is told each time: nobody can know it."""
        self.alter(self.rule, "x")
        self.alter(self.other, "x")
        with patch("odoo.addons.ctsp_crypto.models.integrity_verification.SHOWN", 1):
            one, alert = self.verify()
            self.assertEqual((one.issue_count, len(one.issue_ids), alert.count), (2, 1, 2))
            self.assertTrue(self.verify()[1])

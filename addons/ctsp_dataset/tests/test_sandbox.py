from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..tools import sample
from ..tools.definition import Definition, Field
from ..tools.validator import Validator
from .common import FAILED, OpenApiCase
from .sample_definition import definition, row


@tagged("post_install", "-at_install")
class TestSandbox(OpenApiCase):
    """A developer tries with a test key; what his program can do is written down, signed off, and opens production."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.third, cls.developer = cls.outside("Hospital C")
        cls.test_key, cls.test_secret = cls.issue(cls.third, is_sandbox=True)

    def tried(self, path, data=None, **options):
        status, body = self.call(path, data, key=self.test_key, secret=self.test_secret, **options)
        self.assertEqual(status, 200, body)
        return body["data"]

    def report(self):
        return self.env["ctsp.dataset.conformance"].search([("partner_id", "=", self.third.id)])

    def test_samples(self):
        """Generated rows meet the data set; faulty ones have exactly the finding that was announced."""
        made = self.tried("/datasets/test_trials/samples?rows=12&faults=6")
        validator = Validator(definition(code="test_trials"))
        found = [checked.findings for number, one in enumerate(made["rows"], 1)
                 for checked in [validator.check(number, one)]]
        self.assertEqual([bool(one) for one in found], [False] * 6 + [True] * 6)
        self.assertEqual([(one[0].row, one[0].path, one[0].code) for one in found[6:]],
                         [(item["row"], item["path"], item["code"]) for item in made["expected"]])
        kinds = set()
        for seed in range(10):
            rows, expected = sample.rows(definition(), 2, 1, seed)
            checked = [validator.check(number, one) for validator in [Validator(definition())]
                       for number, one in enumerate(rows, 1)]
            found = [(one.row, one.path, one.code) for check in checked for one in check.findings]
            self.assertEqual(found, [(item["row"], item["path"], item["code"]) for item in expected], seed)
            kinds |= {(item["path"], item["code"]) for item in expected}
        self.assertLess({("ctr_no", "format"), ("members[0].name", "required"), ("end_date", "rule"),
                         ("ctr_no", "unique"), ("phase", "code")}, kinds)
        made = self.tried("/datasets/test_trials/samples?rows=1&faults=1&seed=1")
        self.assertEqual(made["expected"][0]["code"], "code")
        rows, _expected = sample.rows(definition(), 1000)
        self.assertEqual(len({one["ctr_no"] for one in rows}), 1000)
        short = Field("number", "编号", length=5, example="甲乙丙丁戊")
        short = Definition("short", "短主键", keys=["number"], fields=[short])
        made = [sample.row(short, number)["number"] for number in (1, 2, 12)]
        self.assertEqual(made, ["甲乙丙丁戊", "甲乙丙-2", "甲乙-12"])
        rows, expected = sample.rows(definition(keys=["phase"]), 10, 3)
        self.assertEqual((len(rows), len(expected)), (1, 1), "rows that differ in nothing of their key are one")

    def test_quota(self):
        """The institution's people read how much its keys in use may send, and nothing of another one's."""
        self.tried("/datasets/test_trials/submissions?requestId=request-quota", [row(1)])
        key = self.env["ctsp.exchange.credential"].search([("partner_id", "=", self.third.id)], limit=1)
        key.write({"daily_rows": 777, "minute_requests": 55})
        told = self.report().with_user(self.developer).quota
        self.assertEqual((key.key in told, "777" in told, "55" in told, len(told.splitlines())), (True,) * 3 + (1,))
        key.date_end = "2020-01-01"
        self.env.invalidate_all()
        self.assertFalse(self.report().with_user(self.developer).quota)

    def test_the_system_administrator_opens_a_key(self):
        """He reads no data set: the screen of a key is his without the ones it is for."""
        key = self.env["ctsp.exchange.credential"].search([("partner_id", "=", self.third.id)], limit=1)
        self.assertEqual(Form(key.with_user(self.role("system_admin"))).key, key.key)

    @mute_logger(*FAILED)
    def test_conformance(self):
        """Each check is seen when it happens; all of them and the steward's signature are needed for production."""
        post = "/datasets/test_trials/submissions?requestId="
        [untried] = self.tried("/conformance")["items"]
        self.assertEqual((untried["dataset"], untried["state"], len(untried["checks"])), ("test_trials", "testing", 6))
        self.assertFalse(self.report(), "who only looks has not begun")
        self.tried(f"{post}request-bad1", [row(1), row(2, phase="9")])
        bad = self.env["ctsp.dataset.submission"].search([("partner_id", "=", self.third.id)])
        self.tried(f"{post}request-good", [row(1)])
        report = self.report()
        self.assertEqual((report.passed, report.total, report.is_complete), (2, 6, False))
        self.assertIn("更正后重报", report.missing)
        self.tried(f"{post}request-good", [row(1)])
        self.tried(f"/submissions/{bad.number}")
        self.tried(f"/submissions/{bad.number}/findings")
        states = {item["code"]: item["passed"] for item in self.tried("/conformance")["items"][0]["checks"]}
        self.assertEqual([code for code, passed in states.items() if not passed], ["corrected"])
        with self.assertRaises(UserError):
            report.with_user(self.developer).run_transition("request")
        with self.assertRaises(ValidationError):
            self.issue(self.third)
        self.tried(f"{post}request-good-2", [row(1), row(2)])
        self.assertEqual(self.tried("/conformance")["items"][0]["state"], "ready")
        self.assertEqual(report.with_user(self.developer).search([("progress", "=", "ready")]), report)
        report.with_user(self.developer).run_transition("request")
        asked = self.tried("/conformance")["items"][0]
        self.assertTrue(asked["requestedAt"])
        self.assertEqual((asked["state"], asked["signedAt"], asked["returned"]), ("requested", None, None))
        notices = self.env["ctsp.desk.notice"].with_user(self.developer)
        self.assertIn("已申请确认", notices.search([], limit=1).name)
        report.with_user(self.author).run_transition("return", "Not yet")
        asked = self.tried("/conformance")["items"][0]
        self.assertEqual((asked["state"], asked["requestedAt"], asked["returned"]), ("ready", None, "Not yet"))
        report.with_user(self.developer).run_transition("request")
        cards = {card["key"]: card["count"] for card in self.env["ctsp.home"].with_user(self.author)._cards()}
        self.assertEqual(cards["dataset_sign_off"], 1, "the steward sees on the home screen that it waits")
        with self.assertRaises(UserError):
            report.with_user(self.developer).run_transition("sign")
        with self.assertRaises(ValidationError):
            self.issue(self.third)
        report.with_user(self.author).run_transition("sign")
        self.assertTrue(self.issue(self.third))
        self.assertTrue(self.env["ctsp.desk.notice"].with_user(self.developer).search([]))
        with self.assertRaises(AccessError):
            report.with_user(self.author).write({"bulk_at": "2026-01-01"})

    @mute_logger(*FAILED)
    def test_signed_for_a_version(self):
        """A sign-off stays what it was: another version is tested by itself, and keys in use go on working."""
        post = "/datasets/test_trials/submissions?requestId="
        bad = self.tried(f"{post}request-bad1", [row(1, phase="9")])["number"]
        for path in (f"/submissions/{bad}", f"/submissions/{bad}/findings"):
            self.tried(path)
        for _time in range(2):
            self.tried(f"{post}request-good", [row(1)])
        first = self.report()
        for step, user in (("request", self.developer), ("sign", self.author)):
            first.with_user(user).run_transition(step)
        key, secret = self.issue(self.third)
        signed = first.read([*(f"{code}_at" for code in first._codes()), "version_id", "total", "passed"])
        same = self.next_version(description="nothing else")
        self.tried(f"{post}request-same", [row(1)])
        self.assertEqual((self.report(), first.unsigned_version_id), (first, same.browse()))
        changed = self.next_version(planned="计划例数（新）")
        notice = self.env["ctsp.desk.notice"].search([("key", "=like", f"dataset.version:{changed.id}:%")])
        self.assertIn(self.third, notice.owner_partner_id)
        self.assertEqual(first.unsigned_version_id, changed)
        self.dataset.conformance_rows = 5
        [told] = self.tried("/conformance")["items"]
        self.assertEqual((told["version"], told["state"], told["signedVersions"], len(told["checks"])),
                         (changed.number, "testing", [self.version.number], 7))
        self.assertEqual([(check["code"], check["rows"]) for check in told["checks"] if "rows" in check], [("bulk", 5)])
        self.tried(f"{post}request-new", [row(1)])
        self.tried(f"/submissions/{bad}/findings")
        second = self.report() - first
        self.assertEqual((second.version_id, second.passed, second.total), (changed, 1, 7))
        self.assertFalse(second.report_at, "what is asked about the earlier version shows nothing of this one")
        first.invalidate_recordset()
        self.assertEqual(first.read([*signed[0].keys() - {"id"}]), [signed[0]])
        self.assertEqual(self.call(f"{post}request-real", [row(1)], key=key, secret=secret)[0], 200)
        self.assertTrue(self.issue(self.third), "a key is replaced while the new version is tested")
        with self.assertRaises(UserError):
            second.with_user(self.developer).run_transition("request")

    def next_version(self, description=None, **names):
        """Publish the next version, with other names of fields."""
        newer = self.env["ctsp.dataset.version"].browse(
            self.dataset.current_id.with_user(self.author).action_next_version()["res_id"]).with_user(self.author)
        if description:
            newer.description = description
        for code, name in names.items():
            newer.all_field_ids.filtered(lambda one, code=code: one.code == code).name = name
        newer.run_transition("submit")
        newer.with_user(self.reviewer).run_transition("publish")
        return newer.with_env(self.env)

    def test_calls_and_replay(self):
        """Calls with the test key are listed for their owner, refused ones too; what was sent can be checked again."""
        first = self.tried("/datasets/test_trials/submissions?requestId=request-0001", [row(1), row(2, phase="9")])
        self.call("/submissions/HZ2026-99999999", key=self.test_key, secret=self.test_secret)
        self.call("/datasets")  # with a key of production: not listed
        calls = self.env["ctsp.dataset.call"].with_user(self.developer).search([])
        self.assertEqual([(call.status, call.submission_id.number or "") for call in calls],
                         [(404, ""), (200, first["number"])])
        self.assertFalse(self.env["ctsp.dataset.call"].with_user(self.stranger).search([]))
        again = self.tried(f"/submissions/{first['number']}/replay?requestId=request-again", b"", method="POST")
        self.assertEqual((again["rows"], again["refusedRows"], again["number"] == first["number"]), (2, 1, False))
        submission = self.env["ctsp.dataset.submission"].search([("number", "=", first["number"])])
        opened = submission.with_user(self.developer).action_replay()
        self.assertEqual(self.env[opened["res_model"]].browse(opened["res_id"]).rows, 2)
        with self.assertRaises(UserError):
            self.test_key.is_sandbox = False
        submission.sudo().credential_id = self.key  # as if it had been one of production
        with self.assertRaises(UserError):
            submission.with_user(self.developer).action_replay()
        real = self.submit([row(1)])[1]["data"]["number"]
        self.assertEqual(self.call(f"/submissions/{real}/replay?requestId=request-r", b"", method="POST")[0], 403)

    @mute_logger(*FAILED)
    def test_old_tests_are_swept(self):
        """Files of old tests go and their receipts stay; nothing of production goes, however old."""
        path = "/datasets/test_trials/submissions?requestId=request-0001"
        tested = self.tried(path, [row(1), row(2, phase="9")])["number"]
        real = self.submit([row(1), row(2, phase="9")])[1]["data"]["number"]
        both = self.env["ctsp.dataset.submission"].search([("number", "in", (tested, real))])
        kept = both.filtered(lambda one: not one.is_test)
        files = [("res_model", "=", both._name), ("res_id", "in", both.ids), ("res_field", "!=", False)]
        self.assertEqual(self.env["ir.attachment"].search_count(files), 5)
        days = self.env["ctsp.parameter"]._get("dataset.test_days")
        for age, left in ((days - 1, 5), (days + 1, 2)):
            both.received_at = fields.Datetime.subtract(fields.Datetime.now(), days=age)
            self.env["ctsp.dataset.submission"]._gc_tests()
            self.assertEqual(self.env["ir.attachment"].search_count(files), left)
        self.assertEqual(both.filtered("swept_at"), both - kept)
        self.assertEqual((len(list(kept._report())), self.tried(path, [row(1), row(2, phase="9")])["number"]),
                         (1, tested), "the receipt is still there")
        keys = {"key": self.test_key, "secret": self.test_secret}
        self.assertEqual(self.call(f"/submissions/{tested}/findings", **keys)[0], 404)
        self.assertEqual(self.call(f"/submissions/{tested}/replay?requestId=request-r", b"", method="POST", **keys)[0],
                         404)
        old = (both - kept).with_user(self.developer)
        for asked in (old.action_report, old.action_replay):
            with self.assertRaises(UserError):
                asked()

    def test_what_a_key_may_is_protected(self):
        """A test key that SQL makes one of production, or gives another data set, is found."""
        key, check = self.test_key, self.env["ctsp.integrity"]._check
        self.env.flush_all()
        self.env.cr.flush()
        for change, field in (
            ("UPDATE ctsp_exchange_credential SET is_sandbox = false WHERE id = %s", "is_sandbox"),
            ("UPDATE ctsp_exchange_credential SET daily_rows = 2000000000 WHERE id = %s", "daily_rows"),
            ("DELETE FROM ctsp_exchange_credential_dataset_rel WHERE credential_id = %s", "dataset_ids"),
        ):
            self.env.cr.execute(change, (key.id,))
            self.env.invalidate_all()
            self.assertIn(("altered", field), [
                (found.kind, found.name) for found in check("ctsp.exchange.credential", key.ids)])

    def test_key_ends(self):
        """The institution is told once that its key ends soon; nobody else is."""
        self.key.date_end = fields.Datetime.add(fields.Datetime.now(), days=5)
        for _time in range(2):
            self.env["ctsp.exchange.watch"]._cron_watch()
        notices = self.env["ctsp.desk.notice"].search([("key", "=like", "exchange.key:%")])
        self.assertEqual((len(notices), notices.owner_partner_id), (1, self.company))

    def test_issue(self):
        """The wizard asks what a key of an institution is for: a test key unless said, and for nothing it is none."""
        issues = self.env["ctsp.exchange.credential.issue"].with_user(self.role("security_admin"))
        with self.assertRaises(UserError):
            issues.create({"partner_id": self.third.id}).action_issue()
        wizard = issues.create({"partner_id": self.third.id, "dataset_ids": [Command.set(self.dataset.ids)]})
        shown = wizard.action_issue()["context"]
        self.assertEqual(shown["default_shown_whose"], self.third.display_name)
        key = self.env["ctsp.exchange.credential"].search([("key", "=", shown["default_shown_key"])])
        self.assertEqual((key.is_sandbox, key.dataset_ids), (True, self.dataset))
        with self.assertRaises(ValidationError):
            issues.create({"partner_id": self.third.id, "is_sandbox": False, "dataset_ids": [
                Command.set(self.dataset.ids)]}).action_issue()

    def test_guide(self):
        """The guide is made from what is published, for whoever may read it."""
        self.authenticate(self.developer.login, f"outside_{self.third.id}")
        self.env["ctsp.dataset"].search([("id", "!=", self.dataset.id)]).active = False
        answer = self.url_open("/ctsp/outside/guide", timeout=120)  # a paper of many pages, on a busy machine
        self.assertEqual((answer.status_code, answer.content[:4]), (200, b"%PDF"))

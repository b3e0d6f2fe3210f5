import hmac
import json
import tempfile
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.ctsp_audit.models import audit_checker, audit_sealer
from odoo.addons.ctsp_audit.models.audit_macer import UNKEYED
from odoo.addons.ctsp_base.tests.common import CtspCase
from odoo.addons.ctsp_base.tools.digest import sm3


@tagged("post_install", "-at_install")
class TestVerification(CtspCase):
    """The chain over what this test wrote. Altering sealed rows takes the owner's role: tests/tamper does that."""

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "checkpoints.jsonl"
        sealer = type(self.env["ctsp.audit.sealer"])
        patcher = patch.object(sealer, "_checkpoint_path", lambda _self: self.path)
        patcher.start()
        self.addCleanup(patcher.stop)
        self.port = self.env["ctsp.audit.port"]
        self.sealer = self.env["ctsp.audit.sealer"]
        self.port._log("export", self.env.user)
        self.sealer._seal()
        self.env.cr.postcommit.run()  # its checkpoint: where there are seals there are some

    def verify(self, scope="all"):
        return self.run_to_end(self.env["ctsp.audit.verification"].create({"scope": scope}))

    def run_to_end(self, verification):
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            verification.with_env(self.env(cr=cr))._run()
        return verification

    def test_intact(self):
        for n in range(5):
            self.port._log("export", self.env.user, note=f"行{n}", nested={"a": [1, 2.5]})
        self.assertEqual(self.sealer._seal(), 5)
        self.assertEqual(self.sealer._seal(), 0, "nothing is sealed twice")
        result = self.verify()
        self.assertEqual((result.state, result.issue_count), ("intact", 0), result.issue_ids.mapped("kind"))
        self.assertGreaterEqual(result.row_count, 5)

    def test_foreign_row(self):
        """A row written past the platform gets no seal and is named."""
        self.port._log("export", self.env.user)
        self.env.cr.execute(SQL(
            "INSERT INTO ctsp_audit_log (id, date, event, mac, mac_key, res_count, success)"
            " VALUES (5, now(), 'sign_in', %s, 'sm3', 0, true)", "0" * 64))
        self.sealer._seal()
        result = self.verify()
        self.assertEqual(result.state, "broken")
        self.assertEqual([(issue.kind, issue.log_number) for issue in result.issue_ids], [("added", "5")])
        alert = self.env["ctsp.audit.alert"].search([("kind", "=", "tampering")])
        self.assertEqual(alert.state, "open")

    def test_end_cut_off(self):
        """The checkpoint outside the database knows a seal that is gone."""
        self.path.write_text(json.dumps({"seal": 10**9, "digest": "0" * 64}) + "\n")
        result = self.verify()
        self.assertEqual(result.issue_ids.mapped("kind"), ["cut"])

    def test_checkpoint_is_written(self):
        self.port._log("export", self.env.user)
        self.sealer._seal()
        self.env.cr.postcommit.run()
        self.env.cr.execute("SELECT id, digest FROM ctsp_audit_seal ORDER BY id DESC LIMIT 1")
        written = [item for part in self.env["ctsp.audit.seal"]._checkpoints() for item in part.items()]
        self.assertIn(self.env.cr.fetchone(), written)

    def test_unreadable_checkpoint(self):
        self.path.write_text("{")
        self.assertEqual(self.verify().issue_ids.mapped("kind"), ["checkpoint"])

    def test_sealed_while_it_is_looked_at(self):
        """A seal with its checkpoint that came after the look began is there, though this look does not see it."""
        seals = self.env["ctsp.audit.seal"]
        present = type(seals)._present

        def as_it_began(model, cursor, checkpoints):
            return {} if cursor is model.env.cr else present(model, model.env.cr, checkpoints)

        self.port._log("export", self.env.user)
        self.sealer._seal()
        self.env.cr.postcommit.run()
        with patch.object(type(seals), "_present", as_it_began):
            self.assertFalse(list(seals._check_end()))

    def test_end_cut_off_and_written_on(self):
        """Seals made after the cut do not cover it up: every checkpoint is compared."""
        self.path.write_text(json.dumps({"seal": 10**9, "digest": "0" * 64}) + "\n")
        self.port._log("export", self.env.user)
        self.sealer._seal()
        self.env.cr.postcommit.run()
        self.assertEqual(self.verify().issue_ids.mapped("seal_number"), [10**9])

    def test_the_result_is_not_written_by_hand(self):
        watcher = self.role("audit_admin")
        verification = self.env["ctsp.audit.verification"].with_user(watcher).create({"scope": "recent"})
        with self.assertRaises(AccessError):
            verification.write({"state": "intact"})
        with self.assertRaises(AccessError):
            self.env["ctsp.audit.verification"].with_user(watcher).create({"state": "intact", "row_count": 5})

    @mute_logger("odoo.models", "odoo.orm.models", "odoo.addons.base.models.ir_model")
    def test_roles(self):
        watcher = self.role("audit_admin")
        verification = self.env["ctsp.audit.verification"].with_user(watcher).create({"scope": "recent"})
        verification.action_start()
        self.assertEqual(verification.state, "queued")
        with self.assertRaises(AccessError):
            verification.with_user(self.role("system_admin")).action_start()

    # ---- keys

    @contextmanager
    def key(self, ref, signs=False):
        """Let the platform write with the key ``ref`` for a while, and still know those it had."""
        macer = type(self.env["ctsp.audit.macer"])
        plain = macer._macs

        def macs(this, messages, key_ref=None):
            if (key_ref or ref) == UNKEYED:
                return [sm3(message) for message in messages], UNKEYED
            if (key_ref or ref) == ref:
                return [hmac.new(ref.encode(), message, "sha256").hexdigest() for message in messages], ref
            return plain(this, messages, key_ref)

        with patch.object(macer, "_key_ref", lambda _self: ref), patch.object(macer, "_macs", macs), \
                patch.object(macer, "_sign", lambda _self, _message: ("signed", "sm2:1") if signs else None):
            yield

    def test_intact_with_a_key(self):
        with self.key("hmac:1"):
            self.port._log("export", self.env.user)
            self.sealer._seal()
            result = self.verify()
            self.assertEqual((result.state, result.keyed), ("intact", True), result.issue_ids.mapped("kind"))

    def test_unknown_key_is_not_intact(self):
        """Where nobody can compute the codes nothing is proved: neither intact nor named as altered."""
        with self.key("hmac:gone"):
            self.port._log("export", self.env.user)
            self.sealer._seal()
        result = self.verify()
        self.assertEqual((result.state, set(result.issue_ids.mapped("kind"))), ("unproven", {"unproven"}))
        self.assertEqual(result.doubt_count, result.issue_count)
        self.assertTrue(self.env["ctsp.audit.alert"].search([("kind", "=", "tampering"), ("state", "=", "open")]))

    def test_signature_that_nobody_can_check(self):
        """``_verify`` gives None here: that is not “intact”."""
        with self.key("hmac:1", signs=True):
            self.port._log("export", self.env.user)
            self.sealer._seal()
            result = self.verify()
        self.assertEqual((result.state, result.issue_ids.mapped("column")), ("unproven", ["signature"]))

    def test_no_rows_without_a_key_once_there_is_one(self):
        """Whoever can compute a digest cannot slip rows in after the first keyed seal."""
        with self.key("hmac:1"):
            self.port._log("export", self.env.user)
            self.sealer._seal()
        with self.key(UNKEYED):
            self.port._log("export", self.env.user)
        number = self.env["ctsp.audit.log"].search([], order="id desc", limit=1).id
        with patch.object(audit_sealer, "GRACE", timedelta()):
            self.assertEqual(self.sealer._seal(), 0)
            with self.key("hmac:1"):
                result = self.verify()
        self.assertEqual([(one.kind, one.log_number) for one in result.issue_ids], [("unkeyed", str(number))])

    def test_no_seals_without_a_key_once_there_is_one(self):
        with self.key("hmac:1"):
            self.port._log("export", self.env.user)
            self.sealer._seal()
        with self.key(UNKEYED), patch.object(audit_sealer, "GRACE", timedelta(days=9)):
            self.port._log("export", self.env.user)
            self.sealer._seal()  # by somebody without the key
        with self.key("hmac:1"):
            self.assertIn("unkeyed", self.verify().issue_ids.mapped("kind"))

    # ---- interrupted and late

    def test_goes_on_where_it_was(self):
        """A process that dies in the middle loses one range; nothing is counted twice."""
        for _n in range(6):
            self.port._log("export", self.env.user)
            self.sealer._seal()
        self.env.cr.postcommit.run()
        whole = self.verify()
        checker = type(self.env["ctsp.audit.checker"])
        check, calls = checker._check_range, []

        def dies(this, *arguments):
            calls.append(1)
            if len(calls) == 3:
                raise ZeroDivisionError
            return check(this, *arguments)

        verification = self.env["ctsp.audit.verification"].create({"scope": "all"})
        with patch.object(audit_checker, "RANGE", 2):
            with patch.object(checker, "_check_range", dies), suppress(ZeroDivisionError):
                self.run_to_end(verification)
            verification.invalidate_recordset()
            self.assertEqual((verification.state, verification.seal_count > 0), ("running", True))
            begun = verification.row_count
            self.run_to_end(verification)
        self.assertGreater(verification.row_count, begun)
        self.assertEqual((verification.state, verification.row_count, verification.seal_count),
                         ("intact", whole.row_count, whole.seal_count))

    def test_late_rows_are_looked_for(self):
        """The next run looks from when the oldest open transaction began: here, this test's own."""
        self.env.cr.execute("SELECT now() AT TIME ZONE 'UTC'")
        began = self.env.cr.fetchone()[0]
        with self.registry.cursor() as cr:
            self.assertLess(self.sealer._oldest_transaction(cr), began)
        self.port._log("export", self.env.user)
        self.sealer._seal(look_from=began)
        row = self.port._row("export", self.env.user, {}, success=True) | {"date": began - timedelta(hours=3)}
        self.port._write_rows(self.env.cr, [row])
        self.assertEqual(self.env["ctsp.audit.seal"]._last()["look_from"], began)
        self.assertEqual(self.sealer._seal(since=began), 0)
        self.assertEqual(self.sealer._seal(since=began - timedelta(hours=4)), 1)

    def test_provider_out_of_order(self):
        """A verification that cannot go on says so, and the audit administrator is told."""
        self.port._log("export", self.env.user)
        self.sealer._seal()
        with patch.object(type(self.env["ctsp.audit.checker"]), "_check_range", side_effect=UserError("no answer")):
            result = self.verify()
        self.assertEqual((result.state, result.error), ("failed", "no answer"))
        self.assertTrue(self.env["ctsp.audit.alert"].search([("kind", "=", "unverified")]))

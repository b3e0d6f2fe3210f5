import json
import tempfile
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.ctsp_base.tests.common import CtspCase


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
        self.sealer._seal()

    def verify(self, scope="all"):
        verification = self.env["ctsp.audit.verification"].create({"scope": scope})
        with self.enter_registry_test_mode():
            verification._job_start(background=False)
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
        self.assertIn(self.env.cr.fetchone(), self.sealer._checkpoints().items())

    def test_unreadable_checkpoint(self):
        self.path.write_text("{")
        self.assertEqual(self.verify().issue_ids.mapped("kind"), ["checkpoint"])

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
        self.assertEqual(verification.job_state, "queued")
        with self.assertRaises(AccessError):
            verification.with_user(self.role("system_admin")).action_start()

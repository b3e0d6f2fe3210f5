import base64
from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ctsp_crypto.errors import CryptoError
from ctsp_crypto.keys import backup
from ctsp_crypto.secret import Secret

from ..models import crypto_export
from ..tools import machine
from .test_integrity import IntegrityCase


@tagged("post_install", "-at_install")
class TestRotation(IntegrityCase):
    """Keys are renewed while people work: nothing becomes unreadable, evidence stays valid."""

    def renew(self, key, **values):
        one = self.env["ctsp.crypto.rotation"].with_user(self.role("security_admin")).create(
            {"key_id": key, "reason": "年度轮换", **values})
        one.action_start()
        return one.sudo()

    def finish(self, one):
        one._run_now()

    def test_evidence(self):
        """Rows written before, during and after the renewal agree; what was altered before is still found."""
        self.sql("UPDATE ir_rule SET domain_force = '[]' WHERE id = %s", self.other.id)
        one = self.renew("data/integrity.mac")
        self.assertEqual(one.version, 2)
        self.rule.name = "written during the renewal"
        third = self.make("three")
        self.assertEqual(self.found(self.rule, third), set())
        with patch("odoo.addons.ctsp_crypto.models.crypto_rotation.RANGE", 100):
            self.finish(one)
        self.assertEqual((one.state, one.row_left), ("done", 1))
        self.rule.name = "written after the renewal"
        self.end()
        self.assertEqual(self.found(self.rule, self.other, third), {(self.other.id, "altered", "domain_force")})
        latest = self.integrity._latest("ir.rule", self.ids_of(self.rule, third))
        self.assertEqual({entry.key_version for entry in latest.values()}, {2})
        clean = self.env["ctsp.integrity.verification"].create({"scope": "access"})
        clean._run_now()
        self.assertEqual([(i.kind, i.res_id, i.field_name) for i in clean.issue_ids],
                         [("altered", self.other.id, "domain_force")])

    def ids_of(self, *records):
        return SQL("res_id = ANY(%s)", [record.id for record in records])

    def test_interrupted(self):
        """A renewal goes on where it stopped and does nothing twice; stopped, it is taken up again."""
        one = self.renew("data/integrity.mac")
        with patch("odoo.addons.ctsp_crypto.models.crypto_rotation.RANGE", 50):
            steps = one._range_steps()
            while one.row_count < 60:
                next(steps)
            done = one.row_count
            one._break_off("stopped", stopped=True)
            with self.assertRaises(UserError):
                self.renew("data/integrity.mac")
            one.with_user(self.role("security_admin")).action_resume()
            self.finish(one)
        self.assertGreater(one.row_count, done)
        self.assertLessEqual(one.row_count, one.row_total + 1)
        self.assertEqual(one.state, "done")

    def test_met_another_writer(self):
        """A range that met somebody who wrote the same rows is done again, not broken off."""
        one, real, met = self.renew("data/integrity.mac"), type(self.integrity)._rekey, [SerializationFailure()] * 2

        def rekey(*arguments):
            if met:
                raise met.pop()
            return real(*arguments)

        with (patch.object(type(self.integrity), "_rekey", rekey),
              patch.object(self.env.cr, "rollback") as rolled_back):
            self.assertTrue(list(one._range_tried()))
        self.assertEqual((rolled_back.call_count, one.row_left, bool(one.row_count)), (2, 0, True))

    def test_domain_key(self):
        """Wrapping anew touches no data: evidence is valid before and after, without a range to do."""
        one = self.renew("domain/integrity")
        self.finish(one)
        self.assertEqual((one.state, one.row_count), ("done", 0))
        self.assertFalse(self.found())
        self.assertFalse(self.env["ctsp.crypto.key"]._problems())

    def test_rights(self):
        """The security administrator starts a renewal, once, and writes nothing of its course."""
        one = self.renew("data/audit.mac")
        mine = one.with_user(self.role("security_admin"))
        with self.assertRaises(UserError):
            mine.action_start()
        with self.assertRaises(AccessError):
            mine.write({"state": "done"})
        with self.assertRaises(AccessError):
            self.env["ctsp.crypto.rotation"].with_user(self.role("system_admin")).create(
                {"key_id": "data/audit.mac", "reason": "x"})
        self.finish(one)
        port = self.env["ctsp.audit.port"]
        port._log("export", self.env.user)
        self.env.cr.execute("SELECT array_agg(mac_key) FROM ctsp_audit_log WHERE event = 'export'")
        self.assertEqual(self.env.cr.fetchone()[0], ["audit.mac:2"])


@tagged("post_install", "-at_install")
class TestDestruction(IntegrityCase):
    """Old versions are destroyed by two people together, and only what nothing needs any more."""

    def order(self, key_id, version=1):
        key = self.env["ctsp.crypto.key"].search([("key_id", "=", key_id), ("version", "=", version)])
        return self.env["ctsp.crypto.destruction"].with_user(self.role("security_admin")).create(
            {"key_id": key.id, "reason": "轮换后销毁"})

    def test_two_people(self):
        """Renewed, needed by nothing, asked by one, confirmed by another: wiped, and everything still verifies."""
        renewal = self.env["ctsp.crypto.rotation"].create({"key_id": "data/integrity.mac", "reason": "年度轮换"})
        renewal.action_start()
        order = self.order("data/integrity.mac")
        self.assertIn("：", order.needed_text)
        with self.assertRaises(UserError):
            order.action_ask()
        renewal._run_now()
        order.invalidate_recordset()
        self.assertFalse(order.needed_text)
        order.action_ask()
        with self.assertRaises(UserError):
            order.action_confirm()
        other = self.role("security_admin").copy({"login": "second_keeper"})
        order.with_user(other).action_confirm()
        self.assertEqual((order.state, order.key_id.state), ("done", "destroyed"))
        self.assertFalse(order.key_id.sudo().wrapped)
        self.assertFalse(self.found())
        with self.assertRaises(AccessError):
            order.write({"reason": "x"})

    def test_nothing_comes_as_a_default(self):
        """Course and result cannot be sent along in the context either: no confirmation that nobody asked for."""
        admin = self.role("security_admin")
        order = self.order("data/audit.mac")
        sent = {"default_state": "asked", "default_asked_by": self.env.uid}
        other = order.with_context(**sent).create({"key_id": order.key_id.id, "reason": "x"})
        self.assertEqual((other.state, other.asked_by.id), ("draft", False))
        renewal = self.env["ctsp.crypto.rotation"].with_user(admin).with_context(default_state="done").create(
            {"key_id": "data/audit.mac", "reason": "x"})
        check = self.env["ctsp.integrity.verification"].with_user(admin).with_context(default_state="intact").create(
            {"scope": "access"})
        self.assertEqual((renewal.state, check.state), ("draft", "waiting"))

    def test_what_is_needed(self):
        """The key in use; the one that wrote rows of the log; a key about which nobody knows."""
        self.env["ctsp.audit.port"]._log("export", self.env.user)
        self.env["ctsp.crypto.purpose"].create(
            {"code": "test.unknown", "name": "x", "algorithm": "SM4", "domain": "test"})
        keys = self.env["ctsp.crypto.key"]
        for key_id in ("data/audit.mac", "data/test.unknown"):
            with self.assertRaises(UserError):
                self.order(key_id).action_ask()
            keys._rotate(key_id)
            with self.assertRaises(UserError):
                self.order(key_id).action_ask()

    def test_rights(self):
        with self.assertRaises(AccessError):
            self.env["ctsp.crypto.destruction"].with_user(self.role("system_admin")).create(
                {"key_id": self.env["ctsp.crypto.key"].search([], limit=1).id, "reason": "x"})
        order = self.order("data/audit.mac")
        with self.assertRaises(AccessError):
            order.write({"state": "done"})


@tagged("post_install", "-at_install")
class TestExport(IntegrityCase):
    """All keys leave the platform by the hands of two people only, in a form that neither opens alone."""

    PHRASES = ("first passphrase", "second passphrase")

    def setUp(self):
        super().setUp()
        self.one = self.role("security_admin")
        self.other = self.one.copy({"login": "second_keeper"})
        self.order = self.env["ctsp.crypto.export"].with_user(self.one).create(
            {"reason": "年度保管（示例）", **self.typed(self.PHRASES[0])})

    @staticmethod
    def typed(phrase, again=None):
        return {"phrase": phrase, "phrase_again": again or phrase}

    def test_typed_twice(self):
        """A slip of the finger is found when the passphrase is typed, not on the day when the share is needed."""
        for vals in (self.typed("another passphrase", "another passphrasr"), {"phrase": "another passphrase"}):
            with self.assertRaises(UserError):
                self.order.write(vals)
        with self.assertRaises(UserError):
            self.order.create({"reason": "x", "phrase": "another passphrase"})
        self.assertEqual(self.order.sudo().phrase_asked, self.PHRASES[0])

    def test_two_people(self):
        order, theirs = self.order, self.order.with_user(self.other)
        order.action_ask()
        for step in (order.action_approve, order.action_refuse, theirs.action_approve):
            with self.assertRaises(UserError):  # oneself; and the other without a passphrase of his own
                step()
        with self.assertRaises(UserError):
            order.write(self.typed("first again and again"))
        theirs.write(self.typed(self.PHRASES[0]))
        with self.assertRaises(UserError):
            theirs.action_approve()  # the same passphrase twice
        theirs.write(self.typed(self.PHRASES[1]))
        with patch.object(backup, "ITERATIONS", 1000):
            theirs.action_approve()
        self.env.flush_all()
        theirs.invalidate_recordset()
        self.assertFalse(order.sudo().phrase_asked or order.sudo().phrase_approved or theirs.phrase)
        files = [base64.b64decode(one.share_file) for one in (order, theirs)]
        bundle = base64.b64decode(order.bundle_file)
        self.assertEqual(bundle, base64.b64decode(theirs.bundle_file))
        self.assertNotEqual(*files)
        shares = [(data, Secret(phrase.encode())) for data, phrase in zip(files, self.PHRASES)]
        opened = backup.open_bundle(machine.providers(), bundle, shares)
        self.assertEqual({record.id for record in opened.records}, set(
            self.env["ctsp.crypto.key"].search([]).mapped("key_id")))
        for too_few in (shares[:1], [shares[0], shares[0]], [shares[0], (shares[1][0], shares[0][1])]):
            with self.assertRaises(CryptoError):
                backup.open_bundle(machine.providers(), bundle, too_few)
        third = self.one.copy({"login": "third_keeper"})
        self.assertFalse(order.with_user(third).bundle_file or order.with_user(third).share_file)

    def test_wiped_after_a_day(self):
        """What lies in the row is ciphertext, and after a day nothing."""
        self.order.action_ask()
        theirs = self.order.with_user(self.other)
        theirs.write(self.typed(self.PHRASES[1]))
        theirs.action_approve()
        self.env.flush_all()
        self.env.cr.execute("SELECT bundle, share_asked FROM ctsp_crypto_export WHERE id = %s", [self.order.id])
        self.assertFalse([value for value in self.env.cr.fetchone() if b"ctsp-key" in bytes(value)])
        self.env["ctsp.crypto.export"]._cron_wipe()
        self.assertEqual(self.order.state, "done")
        with patch.object(crypto_export, "KEPT", -timedelta(minutes=1)):
            self.env["ctsp.crypto.export"]._cron_wipe()
        self.assertEqual((self.order.state, self.order.share_file), ("wiped", False))
        self.env.flush_all()
        self.env.cr.execute("SELECT bundle, share_asked, share_approved, phrase_asked FROM ctsp_crypto_export"
                            " WHERE id = %s", [self.order.id])
        self.assertEqual(self.env.cr.fetchone(), (None,) * 4)

    def test_rights(self):
        with self.assertRaises(UserError):
            self.order.write(self.typed("short"))
        with self.assertRaises(AccessError):
            self.order.write({"state": "done"})
        with self.assertRaises(UserError):
            self.order.with_user(self.other).action_ask()  # with the passphrase of somebody else
        with self.assertRaises(AccessError):
            self.order.read(["phrase_asked"])
        with self.assertRaises(AccessError):
            self.env["ctsp.crypto.export"].with_user(self.role("system_admin")).create({"reason": "x"})

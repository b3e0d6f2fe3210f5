import base64
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ctsp_crypto.errors import CryptoError
from ctsp_crypto.keys import backup
from ctsp_crypto.secret import Secret

from ..models import crypto_export
from ..tools import machine
from .test_integrity import IntegrityCase


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

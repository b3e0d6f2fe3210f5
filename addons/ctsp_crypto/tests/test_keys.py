from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ..tools import machine, rings
from ..tools.failure import CryptoAltered
from .common import CryptoCase


@tagged("post_install", "-at_install")
class TestKeys(CryptoCase):
    """Keys lie wrapped, only the platform changes them, and what is rolled back never was."""

    def key(self, purpose="personal.data", version=1):
        return self.env["ctsp.crypto.key"].search([("key_id", "=", f"data/{purpose}"), ("version", "=", version)])

    def test_sound(self):
        self.assertFalse(self.env["ctsp.crypto.key"]._problems())
        self.assertEqual(self.key().state, "active")
        self.assertEqual(self.key().purpose_id.code, "personal.data")

    def test_no_key_in_the_database(self):
        """Neither the table of keys nor the table of contents holds a key in clear."""
        self.env.cr.execute("SELECT string_agg(t::text, ' ') FROM ctsp_crypto_key t")
        text = self.env.cr.fetchone()[0]
        self.env.cr.execute("SELECT content FROM ctsp_crypto_manifest")
        text += self.env.cr.fetchone()[0]
        with rings.opened(self.env.cr) as ring:
            for record in ring.listing():
                secret = ring.integrity if record.id == "domain/key-records" else ring.secret(record)
                self.assertNotIn(secret.reveal().hex(), text)
        for secret in machine.root().reveal().values():
            self.assertNotIn(secret.reveal().hex(), text)

    def test_nobody_changes_keys(self):
        """The security administrator sees keys without their wrapped form; nobody writes them."""
        keys = self.env["ctsp.crypto.key"].with_user(self.role("security_admin")).search([])
        self.assertTrue(keys)
        with self.assertRaises(AccessError):
            keys.read(["wrapped"])
        with self.assertRaises(AccessError):
            keys[0].sudo().write({"state": "destroyed"})
        with self.assertRaises(AccessError):
            keys[0].sudo().unlink()
        with self.assertRaises(AccessError):
            self.env["ctsp.crypto.key"].with_user(self.role("system_admin")).search([])
        purpose = self.env["ctsp.crypto.purpose"].search([("code", "=", "audit.mac")])
        with self.assertRaises(UserError):
            purpose.write({"algorithm": "SM2"})
        with self.assertRaises(AccessError):
            purpose.unlink()

    def test_altered_key(self):
        """An edited record gives no key; one that was taken away is missed."""
        self.env.cr.execute(SQL("UPDATE ctsp_crypto_key SET state = 'active', parent_version = 9 WHERE key_id = %s",
                                "data/personal.data"))
        rings.forget(self.env.cr.dbname)
        self.assertIn("personal.data", "".join(self.env["ctsp.crypto.key"]._problems()))
        with self.assertRaises(CryptoAltered):
            self.crypto._encrypt("personal.data", [(b"", b"")])
        self.env.cr.execute(SQL("DELETE FROM ctsp_crypto_key WHERE key_id = %s", "data/audit.mac"))
        self.assertIn("audit.mac", "".join(self.env["ctsp.crypto.key"]._problems()))

    def test_rotation(self):
        """The new version encrypts, the old one still reads."""
        old = self.crypto._encrypt("personal.data", [(b"x", b"")])
        self.assertEqual(self.env["ctsp.crypto.key"]._rotate("data/personal.data"), 2)
        new = self.crypto._encrypt("personal.data", [(b"y", b"")])
        self.assertEqual((old.version, new.version), (1, 2))
        rows = [(old.values[0], b"", 1), (new.values[0], b"", 2)]
        self.assertEqual(self.crypto._decrypt("personal.data", rows), [b"x", b"y"])
        self.env["ctsp.crypto.key"]._rotate("domain/personal")
        self.assertEqual(self.crypto._decrypt("personal.data", rows), [b"x", b"y"])
        self.assertFalse(self.env["ctsp.crypto.key"]._problems())

    def test_rolled_back_key(self):
        """A version whose transaction is undone protects nothing afterwards, here and in what others share."""
        try:
            with self.env.cr.savepoint():
                self.env["ctsp.crypto.key"]._rotate("data/personal.data")
                self.assertEqual(self.crypto._encrypt("personal.data", [(b"", b"")]).version, 2)
                raise ZeroDivisionError
        except ZeroDivisionError:
            self.assertEqual(self.crypto._encrypt("personal.data", [(b"", b"")]).version, 1)

    def test_purpose_makes_its_key(self):
        purpose = self.env["ctsp.crypto.purpose"].create(
            {"code": "test.mac", "name": "Test", "algorithm": "HMAC-SM3", "domain": "test"})
        self.assertEqual(purpose.version, 1)
        self.assertEqual(self.crypto._mac("test.mac", [b""]).version, 1)
        self.assertFalse(self.env["ctsp.crypto.key"]._problems())

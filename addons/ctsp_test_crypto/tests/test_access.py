from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import VALUES, SecretCase


@tagged("post_install", "-at_install")
class TestEncryptedAccess(SecretCase):
    """Encryption lies below rights, masks and constraints, and changes none of them."""

    def test_masked(self):
        """Who may not read personal data in clear reads its mask, cannot search it, and sees no technical field."""
        secret = self.secret.with_user(self.role("filing_officer"))
        self.assertEqual(secret.mobile_masked, "138****5678")
        for name in ("mobile", "crypto_uuid", "crypto_index_mobile", "crypto_prefix_mobile"):
            with self.subTest(name), self.assertRaises(AccessError):
                secret.read([name])
        for domain in ([("mobile", "=", "13812345678")], [("crypto_index_mobile", "!=", False)]):
            with self.assertRaises(AccessError):
                secret.search(domain)
        self.assertFalse(secret.name_search("13812345678"))
        with self.assertRaises(AccessError):
            secret.write({"mobile": "1"})
        self.assertFalse([name for name in secret.fields_get() if name.startswith("crypto_")])

    def test_clear(self):
        secret = self.secret.with_user(self.role("filing_officer", personal=True))
        self.assertEqual(secret.read(["mobile"])[0]["mobile"], VALUES["mobile"])
        self.assertEqual(secret.search([("mobile", "=", "13812345678")]), secret)
        secret.mobile = "13700000000"
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(secret.mobile, "13700000000")
        with self.assertRaises(AccessError):
            secret.read(["crypto_index_mobile"])
        with self.assertRaises(AccessError):
            secret.write({"crypto_index_mobile": b"x"})

    def test_constraint(self):
        """Duplicates are found by the blind index, however they are written."""
        with self.assertRaises(ValidationError):
            self.Secret.create({"name": "B", "id_number": "11010119900307765x"})

    def test_audit(self):
        """The log of a write keeps masks of personal values and nothing of the technical columns."""
        self.secret.write({"mobile": "13900001111", "email": "other@example.org", "facts": {"a": "乙方"}})
        rows = self.env["ctsp.audit.recorder"]._buffer()
        text = str([row for row in rows.values() if row["model"] == "ctsp.test.secret"] or rows)
        for value in ("13900001111", "other@example.org", "乙方", "zhang.san", "13812345678"):
            self.assertNotIn(value, text.lower())
        self.assertIn("keyed", text)
        self.assertNotIn("crypto_", text)

from odoo.tests import tagged

from odoo.addons.ctsp_crypto.tools import rewrap

from .common import VALUES, SecretCase


@tagged("post_install", "-at_install")
class TestRewrap(SecretCase):
    """A new version of a key: old rows stay readable and findable, and are brought under it in batches."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = cls.secret | cls.Secret.create([
            {"name": f"R{number}", "mobile": f"1380000{number:04}"} for number in range(5)])
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        for purpose in ("personal.data", "personal.index"):
            self.env["ctsp.crypto.key"]._rotate(f"data/{purpose}")

    def check(self):
        self.env.invalidate_all()
        self.assertEqual(self.secret.mobile, VALUES["mobile"])
        self.assertEqual(self.secret.facts, VALUES["facts"])
        self.assertEqual(self.Secret.search([("mobile", "=", "13812345678")]), self.secret)
        self.assertEqual(self.Secret.search([("mobile", "=like", "1381234%")]), self.secret)

    def test_rotation(self):
        before = self.stored(self.secret, "mobile", "crypto_index_mobile", "write_date")
        self.check()
        after, done = 0, 0
        while after is not None:
            count, broken, after = self.Secret._crypto_rewrap(after or 0, limit=2)
            self.assertFalse(broken)
            done += count
        self.assertGreaterEqual(done, len(self.rows))
        now = self.stored(self.secret, "mobile", "crypto_index_mobile", "write_date")
        self.assertNotEqual(before[0][:3], now[0][:3])
        self.assertNotEqual(before[1], now[1])
        self.assertEqual(before[2], now[2], "nobody wrote")
        self.check()
        self.assertEqual(self.Secret._crypto_rewrap(), (0, 0, None))
        for _name, rows, current in self.Secret._crypto_coverage():
            self.assertEqual(rows, current)

    def test_new_rows_use_the_new_key(self):
        made = self.Secret.create({"name": "N", "mobile": "13812345678"})
        self.assertNotEqual(self.stored(made, "mobile")[0][:3], self.stored(self.secret, "mobile")[0][:3])
        self.assertEqual(self.Secret.search([("mobile", "=", "13812345678")]), self.secret | made)

    def test_altered_rows_are_reported(self):
        value = self.stored(self.secret, "mobile")[0]
        self.set_stored(self.secret, "mobile", value[:-1] + bytes([value[-1] ^ 1]))
        _done, broken, _last = self.Secret._crypto_rewrap()
        self.assertEqual(broken, 1)
        self.assertEqual(self.Secret._crypto_verify(self.secret.id - 1)[0], [(self.secret.id, "mobile")])

    def test_models(self):
        self.assertIn("ctsp.test.secret", [model._name for model in self.env["ctsp.encrypted.mixin"]._crypto_models()])
        self.assertTrue(rewrap.stale(self.Secret))

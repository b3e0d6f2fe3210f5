from unittest.mock import patch

from odoo.tests import tagged

from .common import SecretCase


@tagged("post_install", "-at_install")
class TestLogOfPersonalValues(SecretCase):
    """A change behind one and the same mask is logged: that it happened, comparably, and nothing of what it says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.cr.flush()

    def rows(self, record):
        self.env.cr.flush()
        return self.env["ctsp.audit.log"].search(
            [("model", "=", record._name), ("res_id", "=", record.id), ("event", "=", "write")], order="id")

    def test_same_mask(self):
        changes = {"mobile": "13899995678", "id_number": "11019919880808765X", "born_on": "1990-12-31"}
        for name, value in changes.items():
            with self.subTest(name):
                known = self.rows(self.secret)
                self.secret[name] = value
                row = self.rows(self.secret) - known
                before, after = row.before[name], row.after[name]
                self.assertEqual(before["mask"], after["mask"])
                self.assertNotEqual(before["keyed"], after["keyed"])
                self.assertRegex(after["keyed"], "^[0-9a-f]{16}$")
                self.assertNotIn(str(value), str((row.before, row.after, row.change_text, row.changes)))
                self.assertIn("(changed)", row.change_text)
                self.assertIn("(changed)", row.changes)

    def test_put_back(self):
        """The digest tells that the old value came back, and tells nothing about another record's."""
        other = self.Secret.create({"name": "B", "mobile": "13812345678"})
        self.env.cr.flush()
        for mobile in ("13899995678", "13812345678"):
            (self.secret + other).write({"mobile": mobile})
            self.env.cr.flush()
        first, last = self.rows(other)
        self.assertEqual(first.before["mobile"], last.after["mobile"])
        self.assertNotEqual(first.before["mobile"]["keyed"], self.rows(self.secret)[0].before["mobile"]["keyed"])

    def test_nothing_changed(self):
        self.secret.write({"mobile": self.secret.mobile, "born_on": self.secret.born_on})
        self.assertFalse(self.rows(self.secret))

    def test_not_personal(self):
        """Of other encrypted values a keyed digest was kept already; people are told in words what it is."""
        self.secret.remark = "同一人"
        row = self.rows(self.secret)
        self.assertIn("HMAC-SM3 " + row.after["remark"]["keyed"], row.change_text)
        self.assertIn("(changed)", row.change_text)

    def test_one_call_for_a_batch(self):
        secrets = self.Secret.create([{"name": f"S{n}", "mobile": f"138{n:04d}5678"} for n in range(20)])
        self.env.cr.flush()
        macer = type(self.env["ctsp.audit.macer"])
        with patch.object(macer, "_value_digests", autospec=True, side_effect=macer._value_digests) as digests:
            for number, secret in enumerate(secrets):
                secret.mobile = f"138{number + 100:04d}5678"
            self.env.cr.flush()
        self.assertEqual([len(call.args[1]) for call in digests.call_args_list], [40])
        self.assertTrue(all(self.rows(secret).after["mobile"]["keyed"] for secret in secrets))

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from .certificates import CertificateCase
from .common import SECRET

CODE_KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@tagged("post_install", "-at_install")
class TestRenewal(CertificateCase):
    """When a key of identities is renewed, what lies under the old version is done anew, or counted."""

    def renew(self, code):
        """Return what needs the first version before and after its renewal, and the renewal."""
        one = self.env["ctsp.crypto.rotation"].create({"key_id": f"data/{code}", "reason": "年度轮换"})
        one.action_start()
        before = self.needed(code)
        one._run_now()
        self.env.invalidate_all()
        return before, self.needed(code), one

    def needed(self, code):
        self.env.flush_all()
        return sum(count for _label, count in self.env["ctsp.crypto.key"]._needed_of(code, 1))

    def test_seals(self):
        key = self.key()
        row, forged = self.bind(key), self.bind(self.key("李示例"), self.role("leader"))
        keys = self.env["res.users.apikeys"].with_user(self.user).sudo()
        secret = keys._generate("rpc", "x", fields.Datetime.add(fields.Datetime.now(), hours=1))
        self.env.cr.flush()
        self.env.cr.execute(SQL("UPDATE ctsp_auth_certificate SET state = 'pending' WHERE id = %s", forged.id))
        self.env.invalidate_all()
        before, after, one = self.renew("auth.mac")
        self.assertGreaterEqual(before, 4)
        self.assertEqual((after, one.state, one.row_left), (1, "done", 1), "the altered one keeps its seal")
        self.assertTrue(row.seal.startswith("2:") and row._bound(key[0]))
        self.assertFalse(forged._holds())
        self.assertEqual(keys._check_credentials(scope="rpc", key=secret), self.user.id)

    def test_codes(self):
        self.user.sudo().totp_secret = CODE_KEY
        self.env.cr.flush()
        before, after, one = self.renew("auth.data")
        self.assertEqual((before, after, one.row_left), (1, 0, 0))
        self.assertEqual(self.user.sudo().totp_secret, CODE_KEY)
        self.assertFalse(self.env["ctsp.integrity"]._check("res.users", self.user.ids))

    def test_passwords(self):
        """Only its owner can have a password digested anew: until then the old version is needed."""
        before, after, one = self.renew("auth.password")
        self.assertTrue(before)
        self.assertEqual((after, one.row_left), (before, before))
        self.check(SECRET)
        self.assertLess(self.needed("auth.password"), before)

from odoo.tests import tagged

from .common import CryptoCase


@tagged("post_install", "-at_install")
class TestAccountPhone(CryptoCase):
    """The telephone number of an account lies encrypted, whichever screen it is entered on."""

    def stored(self, user):
        """Return the columns of account and contact."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT u.phone, p.phone FROM res_users u JOIN res_partner p ON p.id = u.partner_id WHERE u.id = %s",
            [user.id])
        return self.env.cr.fetchone()

    def assert_sealed(self, user, number):
        sealed, clear = self.stored(user)
        self.assertNotIn(number.encode(), bytes(sealed))
        self.assertFalse(clear)
        self.env.invalidate_all()
        self.assertEqual(user.phone, number)

    def test_entered_on_the_account(self):
        account = self.env["ctsp.account"].with_user(self.role("system_admin")).create({
            "name": "A", "login": "phone@example.org", "phone": "138-1111-2222"})
        user = account.sudo().user_id
        self.assert_sealed(user, "138-1111-2222")
        account.phone = "13811113333"
        self.assert_sealed(user, "13811113333")
        self.assertEqual(self.env["res.users"].search([("phone", "=", "138 1111 3333")]), user)

    def test_written_on_the_contact(self):
        """Odoo's own screens write there, before there is an account and after."""
        partner = self.env["res.partner"].create({"name": "B", "phone": "13822223333"})
        user = self.env["res.users"].create({"login": "b@example.org", "partner_id": partner.id})
        self.assert_sealed(user, "13822223333")
        partner.phone = "13822224444"
        self.assert_sealed(user, "13822224444")
        company = self.env["res.partner"].create({"name": "C", "is_company": True, "phone": "021-63770000"})
        self.assertEqual(company.phone, "021-63770000", "what is public stays")

    def test_taken_over(self):
        """What an older release left on the contacts."""
        user = self.role("regulator")
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_partner SET phone = '13899990000' WHERE id = %s", [user.partner_id.id])
        self.env.invalidate_all()
        self.env["res.users"]._take_phones()
        self.assert_sealed(user, "13899990000")

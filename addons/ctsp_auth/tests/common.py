from odoo.exceptions import AccessDenied
from odoo.tools import SQL

from odoo.addons.ctsp_crypto.tests.common import CryptoCase

SECRET = "Blau-7-Wasser-fall"


class AuthCase(CryptoCase):
    """Users with known passwords, and the policy set for one test."""

    slow_passwords = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.role("filing_officer")
        cls.user.password = SECRET
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        if not type(self)._registry_patched:  # what is written on a cursor of its own belongs to this test, too
            self.registry_enter_test_mode()

    def policy(self, code, value):
        """Set a parameter of the policy for the rest of the test."""
        parameter = self.env["ctsp.parameter"].search([("code", "=", f"auth.{code}")])
        parameter.value_ids.write({"value": value})

    def stored(self, user=None):
        self.env.cr.execute(SQL("SELECT password FROM res_users WHERE id = %s", (user or self.user).id))
        return self.env.cr.fetchone()[0]

    def store(self, text, user=None):
        self.env.cr.execute(SQL("UPDATE res_users SET password = %s WHERE id = %s", text, (user or self.user).id))
        self.env.registry.clear_cache()

    def check(self, password, user=None, interactive=True):
        user = user or self.user
        return user.with_user(user).sudo()._check_credentials(
            {"login": user.login, "password": password, "type": "password"}, {"interactive": interactive})

    def sign_in(self, login, password):
        """Sign in as the login page does, without a browser."""
        return self.env["res.users"].sudo(False)._login(
            {"login": login, "password": password, "type": "password"}, {"interactive": True})

    def refusal(self, login, password):
        """Return how a sign-in is refused; what the refusal wrote stays (unlike with ``assertRaises``)."""
        try:
            self.sign_in(login, password)
        except AccessDenied as refused:
            return refused
        return self.fail("signed in")

    def failure(self):
        """Return the newest failed sign-in of the log."""
        self.env.cr.flush()
        return self.env["ctsp.audit.event"].search([("event", "=", "sign_in"), ("success", "=", False)], limit=1)

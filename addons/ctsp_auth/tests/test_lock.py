from contextlib import suppress
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessDenied, AccessError, UserError
from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.ctsp_auth.models.auth_attempt import LOCK, AuthAttempt
from odoo.addons.ctsp_auth.tools.refusal import SignInRefused

from .common import SECRET, AuthCase


@tagged("post_install", "-at_install")
class TestLock(AuthCase):
    """Whoever guesses waits, longer each time; whether the account exists does not show."""

    def guess(self, login, times):
        for _n in range(times):
            self.refusal(login, "wrong")

    def locked(self, login, password=SECRET):
        try:
            self.sign_in(login, password)
        except SignInRefused as refused:
            return refused.detail.get("reason") == "locked"
        return False

    def test_after_some_failures(self):
        self.guess(self.user.login, 4)
        self.sign_in(self.user.login, SECRET)
        self.guess(self.user.login, 5)
        self.assertTrue(self.locked(self.user.login), "even with the right password")
        self.assertIn("locked", str(self.failure().detail))

    def test_the_wait_ends_and_grows(self):
        self.guess(self.user.login, 5)
        lock = self.env["ctsp.auth.lock"].search([("name", "=", self.user.login)])
        self.assertEqual(lock.failures, 5)
        first = lock.until - lock.last_date
        self.env.cr.execute(SQL("UPDATE ctsp_auth_attempt SET date = date - interval '2 minutes'"))
        self.env.invalidate_all()
        self.assertFalse(lock.locked)
        self.guess(self.user.login, 1)
        self.env.invalidate_all()
        lock = self.env["ctsp.auth.lock"].search([("name", "=", self.user.login)])
        self.assertEqual((lock.until - lock.last_date), first * 2)
        self.assertTrue(self.locked(self.user.login))

    def test_one_guess_after_the_wait(self):
        """Guesses at the same moment do not all get through when a wait is over: one at a time."""
        self.guess(self.user.login, 5)
        self.env.cr.execute(SQL("UPDATE ctsp_auth_attempt SET date = date - interval '2 minutes'"))
        key = self.env["ctsp.auth.attempt"]._key(self.user.login)
        with db_connect(self.env.cr.dbname).cursor() as other:
            other.execute(SQL("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", LOCK, key))
            self.assertTrue(self.locked(self.user.login))
        self.sign_in(self.user.login, SECRET)

    def test_unknown_accounts_alike(self):
        """The same answers for an account that does not exist, so that nothing can be learned."""
        answers = []
        for login in (self.user.login, "nobody-here"):
            said = []
            for _n in range(7):
                said.append(self.refusal(login, "wrong").args)
            answers.append(said)
        self.assertEqual(*answers)

    def test_refused_early(self):
        """Who is locked costs no slow digest."""
        self.guess(self.user.login, 5)
        with patch("odoo.addons.ctsp_auth.tools.verifier.digest") as digest:
            self.assertTrue(self.locked(self.user.login))
            self.assertTrue(self.locked(self.user.login.upper() + " ", "x"), "however it is written")
        digest.assert_not_called()

    def test_address(self):
        """Many accounts tried from one address: the address waits; one good sign-in does not wash it clean."""
        self.policy("lock_address_after", "6")
        with patch.object(AuthAttempt, "_address", lambda _self: "203.0.113.9"):
            for number in range(5):
                self.guess(f"someone-{number}", 1)
            self.sign_in(self.user.login, SECRET)
            self.guess("someone-else", 1)
            self.assertTrue(self.locked(self.user.login))
        self.sign_in(self.user.login, SECRET)  # from elsewhere
        with patch.object(AuthAttempt, "_address", lambda _self: "127.0.0.1"):
            self.guess("a-fresh-one", 3)
            self.sign_in(self.user.login, SECRET)  # the proxy is never locked

    def test_address_of_another_form(self):
        """The addresses of one line with IPv6 count together, others not; IPv4 written as IPv6 is IPv4."""
        self.policy("lock_address_after", "4")
        attempts, locks = self.env["ctsp.auth.attempt"], self.env["ctsp.auth.lock"]
        for number in range(4):
            attempts._add(f"someone-{number}", f"2001:db8:1:2:{number}::{number}")
            attempts._add(f"someone-{number}", ("::ffff:203.0.113.9", "203.0.113.9")[number % 2])
        for address, waits in (
                ("2001:db8:1:2:ffff::9", True), ("2001:db8:1:3::1", False), ("203.0.113.9", True),
                ("::ffff:203.0.113.9", True), ("203.0.113.10", False)):
            with self.subTest(address):
                self.assertEqual(bool(attempts._address_left(address, fields.Datetime.now())), waits)
        found = locks.search([("kind", "=", "address")])
        self.assertEqual(set(found.mapped("name")), {"2001:db8:1:2::/64", "203.0.113.9"})
        found.with_user(self.role("security_admin")).action_unlock()
        self.assertFalse(attempts._address_left("2001:db8:1:2::1", fields.Datetime.now()))

    def test_lists_of_logins(self):
        """A list finds the account as well, under another name for each try: it is no login."""
        for login in ([self.user.login], [self.user.login, "x"], {self.user.login: 1}, 5):
            self.refusal(login, SECRET)
            self.assertIn("form", str(self.failure().detail))
        self.refusal(self.user.login, [SECRET])
        self.sign_in(self.user.login, SECRET)

    def test_unlock(self):
        self.guess(self.user.login, 5)
        lock = self.env["ctsp.auth.lock"].search([("name", "=", self.user.login)])
        for role in ("system_admin", "audit_admin", "filing_officer"):
            with self.assertRaises(AccessError):
                lock.with_user(self.role(role)).action_unlock()
        lock.with_user(self.role("security_admin")).action_unlock()
        self.sign_in(self.user.login, SECRET)
        self.assertTrue(self.env["ctsp.audit.event"].search([("event", "=", "auth.unlock")]))

    def test_remote_calls(self):
        """Calls that bring the password each time are counted as well."""
        users = self.env["res.users"].sudo(False)
        for _n in range(5):
            with suppress(AccessDenied):
                users._check_uid_passwd(self.user.id, "wrong")
        with self.assertRaises(SignInRefused):
            users._check_uid_passwd(self.user.id, SECRET)

    def test_within_a_session(self):
        """An open screen is no place to guess the password: changing it and confirming who one is count as well."""
        user = self.env["res.users"].with_user(self.user)
        check = self.env["res.users.identitycheck"].with_user(self.user).with_context(password="wrong")
        for _n in range(3):
            with suppress(AccessDenied):
                user.change_password("wrong", "Gelb-8-Tasse-kaffee")
        for _n in range(2):
            with suppress(UserError):
                check.sudo().create({"request": "[]"})._check_identity()
        self.assertTrue(self.locked(self.user.login))
        with self.assertRaises(SignInRefused):
            user.change_password(SECRET, "Gelb-8-Tasse-kaffee")

    def test_who_sees_it(self):
        with self.assertRaises(AccessError):
            self.env["ctsp.auth.lock"].with_user(self.role("system_admin")).search([])
        self.env["ctsp.auth.lock"].with_user(self.role("security_admin")).search([]).read()
        with self.assertRaises(AccessError):
            self.env["ctsp.auth.attempt"].with_user(self.role("security_admin")).search([])

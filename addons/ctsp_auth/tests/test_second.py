import base64
import time
from unittest.mock import patch

from odoo.exceptions import AccessDenied, AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.auth_totp.models.totp import TOTP, hotp

from .certificates import CertificateCase
from .common import SECRET

PAGE = "/ctsp/outside/security"
CODE_KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@tagged("post_install", "-at_install")
class TestSecond(CertificateCase):
    """Two factors where a role asks for them; nobody without a second one is locked out, he sets it up first."""

    def ask_for(self, factor, role="filing_officer"):
        rule = self.env["ctsp.auth.rule"].with_user(self.role("security_admin")).create({
            "role_id": self.env.ref(f"ctsp_base.group_{role}").id, "factor": factor})
        self.env.flush_all()
        return rule

    def code(self, shift=0):
        key = base64.b32decode(CODE_KEY)
        return f"{hotp(key, int(time.time() / 30) + shift):06d}"

    def turn_on(self, user=None):
        user = user or self.user
        user.sudo().totp_secret = CODE_KEY
        self.env.flush_all()
        self.env.invalidate_all()

    def post(self, page, action=None, **values):
        token = self.url_open(page).text.split('name="csrf_token" value="')[1].split('"')[0]
        return self.url_open(action or page, {"csrf_token": token, **values})

    def test_no_rule(self):
        """As shipped no role asks for a second factor: the security administrator reads so on his first page."""
        def count():
            cards = self.env["ctsp.home"].with_user(self.role("security_admin"))._cards()
            return next(card["count"] for card in cards if card["key"] == "auth_factors")

        self.assertEqual(count(), 3)
        self.ask_for("two", "system_admin")
        self.ask_for("certificate", "audit_admin")
        self.ask_for("one", "security_admin")
        self.assertEqual(count(), 1)

    # ---- one-time codes

    def test_encrypted(self):
        self.turn_on()
        self.env.cr.execute(SQL("SELECT totp_secret FROM res_users WHERE id = %s", self.user.id))
        stored = self.env.cr.fetchone()[0]
        self.assertTrue(stored.startswith("sm4$"))
        self.assertNotIn(CODE_KEY, stored)
        self.assertEqual(self.user.sudo().totp_secret, CODE_KEY)
        self.assertTrue(self.user.totp_enabled)

    def test_copied_to_another_user(self):
        self.turn_on()
        other = self.role("leader")
        self.env.cr.execute(SQL(
            "UPDATE res_users SET totp_secret = (SELECT totp_secret FROM res_users WHERE id = %s) WHERE id = %s",
            self.user.id, other.id))
        self.env.invalidate_all()
        with self.assertRaises(UserError):
            self.assertTrue(other.sudo().totp_secret)
        self.env.cr.execute(SQL("UPDATE res_users SET totp_secret = %s WHERE id = %s", CODE_KEY, other.id))
        self.env.invalidate_all()
        with self.assertRaises(AccessDenied):
            self.assertTrue(other.sudo().totp_secret)

    def test_sign_in(self):
        self.turn_on()
        self.assertIn("/web/login/totp", self.enter_by_password().url)
        self.assertFalse(self.works())
        self.assertIn("alert-danger", self.post("/web/login/totp", totp_token="000000").text)
        self.assertIn("totp", str(self.failure().detail))
        self.post("/web/login/totp", totp_token=self.code())
        self.assertTrue(self.works())
        row = self.env["ctsp.auth.session"].search([("user_id", "=", self.user.id), ("date_end", "=", False)])
        self.assertEqual(row.method, "password+totp")

    def test_a_code_holds_once(self):
        self.turn_on()
        code = self.code()
        for good in (True, False):
            self.enter_by_password()
            with mute_logger("odoo.addons.auth_totp.models.res_users"):
                self.post("/web/login/totp", totp_token=code)
            self.assertEqual(self.works(), good)

    def test_second_step_follows_the_first(self):
        """Minutes later, and to the same account: what was begun days ago, or with another password, is begun anew."""
        self.turn_on()
        for late, values in ((-1, {}), (10, {"active": False}), (10, {"password": "Another-own-4-word"})):
            self.user.active = True
            self.enter_by_password()
            self.user.write(values)
            with patch("odoo.addons.ctsp_auth.models.res_users_session.MINUTES", late):
                self.post("/web/login/totp", totp_token=self.code())
            self.assertIn("second_late", str(self.failure().detail), values)
            self.assertFalse(self.works())
            self.assertTrue(self.url_open("/web/login/totp").url.endswith("/web/login"))

    def test_core_switch(self):
        """Core's own button turns codes off as ours does: not where a role asks for them, and logged."""
        self.turn_on()
        self.ask_for("two")
        off = type(self.user).action_totp_disable.__wrapped__
        with self.assertRaises(UserError):
            off(self.user.with_user(self.user))
        with self.assertRaises(AccessError):
            off(self.user.with_user(self.role("system_admin")))
        off(self.user.with_user(self.role("security_admin")))
        self.env.cr.flush()
        self.assertTrue(self.env["ctsp.audit.event"].search([("event", "=", "auth.code")]))

    def test_no_device_is_excused(self):
        self.turn_on()
        self.assertFalse(self.env["auth_totp.device"]._check_credentials_for_uid(scope="browser", key="x", uid=1))
        self.enter_by_password()
        self.assertNotIn("remember", self.url_open("/web/login/totp").text)

    def test_turned_on_by_oneself(self):
        self.enter_by_password()
        wrong = self.post(PAGE, f"{PAGE}/code_on", secret=CODE_KEY, code="000000", password=SECRET)
        self.assertIn("alert-danger", wrong.text)
        wrong = self.post(PAGE, f"{PAGE}/code_on", secret=CODE_KEY, code=self.code(), password="wrong")
        self.assertIn("alert-danger", wrong.text)
        self.assertFalse(self.user.totp_enabled)
        done = self.post(PAGE, f"{PAGE}/code_on", secret=CODE_KEY, code=self.code(), password=SECRET)
        self.assertIn("said=code_on", done.url)
        self.env.invalidate_all()
        self.assertTrue(self.user.totp_enabled)
        self.assertTrue(self.works(), "the session goes on")
        self.post(PAGE, f"{PAGE}/code_off", password=SECRET)
        self.env.invalidate_all()
        self.assertFalse(self.user.totp_enabled)

    def test_lost_telephone(self):
        self.turn_on()
        for role in ("system_admin", "audit_admin"):
            with self.assertRaises(AccessError):
                self.user.with_user(self.role(role)).action_reset_code()
        account = self.env["ctsp.account"].with_user(self.role("security_admin")).browse(self.user.id)
        self.assertTrue(account.has_code)
        account.action_reset_code()
        self.env.flush_all()
        self.env.invalidate_all()
        self.enter_by_password()
        self.assertTrue(self.works())

    # ---- what a role asks for

    def test_led_to_set_it_up(self):
        """Whoever has no second factor yet gets to the page where he makes one, and nowhere else."""
        self.ask_for("two")
        self.assertTrue(self.enter_by_password().url.endswith(PAGE))
        self.assertFalse(self.works())
        self.assertIn("alert-warning", self.url_open(PAGE).text)
        self.post(PAGE, f"{PAGE}/code_on", secret=CODE_KEY, code=self.code(), password=SECRET)
        self.env.invalidate_all()
        self.assertTrue(self.works())
        self.assertIn("alert-danger", self.post(PAGE, f"{PAGE}/code_off", password=SECRET).text)

    def test_certificate_counts_as_two(self):
        key = self.key()
        self.bind(key)
        self.ask_for("two")
        self.visit()
        self.enter(key)
        self.assertTrue(self.works())

    def test_password_then_certificate(self):
        key, other = self.key(), self.key("李示例")
        self.bind(key)
        self.bind(other, self.role("leader"))
        self.ask_for("certificate")
        self.assertIn("/web/login/certificate", self.enter_by_password().url)
        self.assertFalse(self.works())
        self.assertIn("data-ctsp-panel", self.url_open("/web/login/certificate").text)
        wrong = self.send(self.answer(other, self.challenge("second")), "/ctsp/auth/second")
        self.assertNotIn("url", wrong, "somebody else's certificate")
        self.assertNotIn("url", self.send(self.answer(key, self.challenge()), "/ctsp/auth/second"))
        good = self.send(self.answer(key, self.challenge("second")), "/ctsp/auth/second")
        self.assertIn("url", good)
        self.assertTrue(self.works())

    def test_the_strictest_counts(self):
        self.assertEqual(self.user._required_factor(), "one")
        self.ask_for("two")
        self.assertEqual(self.user._required_factor(), "two")
        user = self.role("filing_officer", "reviewer")
        self.ask_for("certificate", "reviewer")
        self.assertEqual(user._required_factor(), "certificate")

    def test_no_password_by_remote_call(self):
        self.check(SECRET, interactive=False)
        self.ask_for("two")
        with self.assertRaises(AccessDenied):
            self.check(SECRET, interactive=False)

    def test_rules_are_the_security_administrators(self):
        rule = self.ask_for("two")
        for role in ("system_admin", "audit_admin", "filing_officer"):
            with self.assertRaises(AccessError):
                rule.with_user(self.role(role)).unlink()

    def test_rules_are_searched(self):
        rules = self.env["ctsp.auth.rule"].with_user(self.role("security_admin"))
        self.assertIn("role_id", rules.get_view(view_type="search")["arch"])

    def test_codes_are_those_of_the_standard(self):
        self.assertTrue(TOTP(base64.b32decode(CODE_KEY)).match(int(self.code())))

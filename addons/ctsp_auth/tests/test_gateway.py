import base64
import secrets
import time

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.ctsp_auth.tools import assertion

from ctsp_crypto.certificates.authority import Authority

from .certificates import CertificateCase, encode


class GatewayCase(CertificateCase):
    """A gateway, and somebody who comes through it."""

    def setUp(self):
        super().setUp()
        self.gateway_key = self.key("安全认证网关（示例）")
        self.gateway = self.env["ctsp.auth.gateway"].with_user(self.role("security_admin")).create({
            "name": "网关（示例）", "addresses": "10.9.0.0/16, 127.0.0.1",
            "certificate": encode(self.gateway_key[0].der)})
        self.holder = self.key()
        self.row = self.bind(self.holder)

    def say(self, key=None, **changes):
        """Return the headers of a gateway about the holder."""
        said = {
            "serial": self.row.serial, "issuer": self.row.issuer, "host": self.base_url().split("//")[1],
            "time": int(time.time()), "nonce": secrets.token_urlsafe(16), **changes,
        }
        text = assertion.write({name: value for name, value in said.items() if value is not None})
        signed = self.provider.sign((key or self.gateway_key)[1].key, text.encode()).value
        return {"X-Ctsp-Identity": text, "X-Ctsp-Signature": base64.b64encode(signed).decode()}

    def come(self, headers):
        """Ask for the sign-in page through the gateway; return whether that signed the holder in."""
        self.authenticate(None, None)
        self.url_open("/web/login", headers=headers)
        self.env.invalidate_all()
        return self.works()

    def refused(self, headers, reason):
        self.assertFalse(self.come(headers))
        self.assertIn(reason, str(self.failure().detail))


@tagged("post_install", "-at_install")
class TestGateway(GatewayCase):
    """What a gateway says is believed from its address, with its signature, for this host, fresh, once."""

    def test_good(self):
        self.assertTrue(self.come(self.say()))
        session = self.env["ctsp.auth.session"].search([("user_id", "=", self.user.id), ("date_end", "=", False)])
        self.assertEqual((session.method, session.certificate_id), ("gateway", self.row))
        self.row.with_user(self.role("security_admin")).action_revoke()
        self.env.flush_all()
        self.assertFalse(self.works(), "revocation ends it at once")

    def test_two_of_them(self):
        """Two gateways with the same headers: the one that signed is believed, from its own addresses."""
        other = self.key("另一网关（示例）")
        first = self.gateway.copy({"name": "A", "certificate": encode(other[0].der)})
        self.assertTrue(self.come(self.say()))
        self.assertTrue(self.come(self.say(key=other)))
        first.addresses = "10.8.0.0/16"
        self.refused(self.say(key=other), "gateway_signature")

    def test_replayed(self):
        headers = self.say()
        self.assertTrue(self.come(headers))
        self.refused(headers, "replayed")

    def test_address(self):
        self.gateway.addresses = "10.9.0.0/16"
        self.env.flush_all()
        self.refused(self.say(), "gateway_address")

    def test_forged(self):
        other = Authority.root(self.provider, self.now).issue_with_key
        self.refused(self.say(key=self.key("别人（示例）")), "gateway_signature")
        headers = self.say()
        headers["X-Ctsp-Identity"] = self.say(nonce="n" * 20)["X-Ctsp-Identity"]
        self.refused(headers, "gateway_signature")
        for signature in ("", "AAAA", "nonsense!", "\xe9"):
            self.refused({**self.say(), "X-Ctsp-Signature": signature}, "gateway_signature")
        self.assertTrue(other)

    def test_old_or_for_another_host(self):
        self.refused(self.say(time=int(time.time()) - 61), "gateway_late")
        self.refused(self.say(time=int(time.time()) + 30), "gateway_late")
        self.refused(self.say(host="other.example.org"), "gateway_host")

    def test_of_another_form(self):
        for changes in ({"serial": None}, {"serial": 5}, {"time": "now"}, {"nonce": "short"}, {"time": True}):
            self.refused(self.say(**changes), "gateway_unreadable")

    def test_whom_it_names(self):
        self.refused(self.say(serial="00FF"), "not_bound")
        self.row.with_user(self.role("security_admin")).action_suspend()
        self.env.flush_all()
        self.refused(self.say(), "not_bound")

    def test_nobody_locks_the_others_out(self):
        """However often somebody comes with nonsense, or one whose certificate is unknown: the others come in."""
        other = self.key("李示例")
        for _n in range(6):
            self.assertFalse(self.come({**self.say(), "X-Ctsp-Signature": "AAAA"}))
            self.assertFalse(self.come(self.say(serial=other[0].serial_text, issuer=other[0].issuer_text)))
        self.refused(self.say(serial=other[0].serial_text), "locked")
        self.assertTrue(self.come(self.say()))

    def test_its_address_is_never_locked(self):
        self.policy("lock_address_after", "2")
        attempts = self.env["ctsp.auth.attempt"]
        for address, locked in (("10.9.8.7", False), ("203.0.113.9", True)):
            for number in range(3):
                attempts._add(f"someone-{number}", address)
            self.assertEqual(bool(attempts._address_left(address, fields.Datetime.now())), locked)
        self.gateway.active = False
        self.assertTrue(attempts._address_left("10.9.8.7", fields.Datetime.now()))

    def test_a_gateway_put_in_by_sql(self):
        self.env.flush_all()
        self.env.cr.execute(SQL("UPDATE ctsp_auth_gateway SET addresses = '0.0.0.0/0'"))
        self.env.invalidate_all()
        self.refused(self.say(), "gateway_unknown")

    def test_nobody_says_it_himself(self):
        """The type of credential alone opens nothing, by whatever way it is sent."""
        users = self.env["res.users"].sudo(False)
        for credential in (
            {"type": "gateway", "login": self.user.login, "row": self.row},
            {"type": "gateway", "login": self.user.login, "row": 5},
        ):
            with self.assertRaises(Exception) as caught:
                users.browse(self.user.id).with_user(self.user)._check_credentials(credential, {})
            self.assertEqual(type(caught.exception).__name__, "AccessDenied")

    def test_its_screen(self):
        for role in ("system_admin", "audit_admin"):
            with self.assertRaises(AccessError):
                self.gateway.with_user(self.role(role)).write({"addresses": "0.0.0.0/0"})
        for addresses in ("nonsense", "10.0.0.0/99"):
            with self.assertRaises(ValidationError):
                self.gateway.addresses = addresses
        with self.assertRaises(ValidationError):
            self.gateway.header = "X-Bad: header"
        with self.assertRaisesRegex(ValidationError, "at least 5"):
            self.gateway.seconds = 4
        self.gateway.seconds = 5

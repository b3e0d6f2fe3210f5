import json
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.ctsp_auth.models.auth_site import AuthSite
from odoo.addons.ctsp_auth.tools import envelope
from odoo.addons.ctsp_auth.tools.refusal import SignInRefused

from ctsp_crypto.certificates.authority import Authority, Request
from ctsp_crypto.encodings import keys
from ctsp_crypto.providers.standard import StandardProvider

from .certificates import encode
from .common import AuthCase


@tagged("post_install", "-at_install")
class TestEnvelope(AuthCase):
    """Only the recipient reads it, only from the sender it names, once, and not later than agreed."""

    def setUp(self):
        super().setUp()
        self.service = self.env["ctsp.envelope"]
        self.provider = StandardProvider()
        self.other = self.provider.generate_key_pair()
        published = self.service._public_keys()
        self.ours = {name: keys.read_public(pem.encode()) for name, pem in published.items()}

    def sent(self, **changes):
        """Return an envelope that the other system sends to us."""
        head = {"from": "other", "to": "ctsp", "kind": "task", "time": int(datetime.now(UTC).timestamp()),
                "nonce": "n" * 22, **changes}
        def sign(data):
            return self.provider.sign(self.other, data).value
        return envelope.seal("数据".encode(), head, self.ours["open"], self.provider, sign)

    def opened(self, text, key=None):
        return self.service._open(text, "ctsp", lambda name: (key or self.other.public) if name == "other" else None)

    def test_to_us(self):
        opened = self.opened(self.sent())
        self.assertEqual((opened.content.decode(), opened.sender, opened.kind), ("数据", "other", "task"))

    def test_from_us(self):
        text = self.service._seal(b"result", "ctsp", "other", self.other.public, "result")
        self.assertNotIn(b"result\"", text.replace(b'"kind":"result"', b""))
        opened = envelope.open_(
            text, "other", self.other, lambda _name: self.ours["sign"], self.provider,
            int(datetime.now(UTC).timestamp()), 300)
        self.assertEqual(opened.content, b"result")

    def test_once(self):
        text = self.sent()
        self.opened(text)
        with self.assertRaises(SignInRefused):
            self.opened(text)

    def test_refused(self):
        stranger = self.provider.generate_key_pair().public
        now = int(datetime.now(UTC).timestamp())
        for text, code in (
            (self.sent(to="another"), "recipient"), (self.sent(time=now - 400), "late"),
            (self.sent(time=now + 100), "late"), (self.sent(**{"from": "nobody"}), "signature"),
            (b"nonsense", "form"), (b"[]", "form"), (b"{}", "form"),
            (json.dumps(json.loads(self.sent()) | {"signature": "签名"}).encode(), "form"),
            (json.dumps(json.loads(self.sent()) | {"nonce": "\ud800"}).encode(), "form"),
        ):
            with self.assertRaisesRegex(UserError, code):
                self.opened(text)
        with self.assertRaisesRegex(UserError, "signature"):
            self.opened(self.sent(), stranger)

    def test_every_part_is_protected(self):
        for name in ("kind", "time", "nonce", "key", "data", "signature"):
            said = json.loads(self.sent())
            value = said[name]
            said[name] = value + 1 if isinstance(value, int) else ("A" if value[0] != "A" else "B") + value[1:]
            with self.assertRaises(UserError):
                self.opened(json.dumps(said).encode())


@tagged("post_install", "-at_install")
class TestSite(AuthCase):
    """A server certificate that runs out is announced before it does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.authority = Authority.root(StandardProvider(), datetime.now(UTC), name="测试根 CA（示例）")

    def certificate(self, days):
        return self.authority.issue_with_key(Request([("CN", "ctsp.example.org")], days=days))[0].der

    def told(self, user):
        return user.partner_id.activity_ids.filtered(lambda one: one.user_id == user and "示例" in one.summary)

    def test_fetched(self):
        admin = self.role("security_admin")
        site = self.env["ctsp.auth.site"].with_user(admin).create({"name": "门户（示例）", "host": "ctsp.example.org"})
        with patch.object(AuthSite, "_fetch", lambda _self: self.certificate(90)):
            site.action_look()
            site._cron_daily()
        self.assertEqual((site.days_left, site.subject), (89, "CN=ctsp.example.org"))
        self.assertFalse(self.told(admin))
        with patch.object(AuthSite, "_fetch", lambda _self: self.certificate(10)):
            site._cron_daily()
            site._cron_daily()
        self.assertEqual(len(self.told(admin)), 1)

    def test_not_reached(self):
        site = self.env["ctsp.auth.site"].create({"name": "门户（示例）", "host": "ctsp.example.org"})
        with patch.object(AuthSite, "_fetch", side_effect=TimeoutError):
            site.action_look()
        self.assertIn("TimeoutError", site.problem)

    def test_what_else_ends(self):
        """Authorities, gateways, system certificates and API keys are announced as well, once; what lasts is not."""
        admin, provider, now = self.role("security_admin"), StandardProvider(), datetime.now(UTC)
        short = Authority.root(provider, now, name="将到期根 CA（示例）", days=20)
        for authority in (short, self.authority):
            self.env["ctsp.auth.authority"].create({"certificate": encode(authority.certificate.der)})
        gateway = self.authority.issue_with_key(Request([("CN", "gateway")], days=10))[0]
        self.env["ctsp.auth.gateway"].create(
            {"name": "网关（示例）", "addresses": "10.0.0.1", "certificate": encode(gateway.der)})
        papers = self.env["ctsp.crypto.certificate"]._current("document.sign")
        papers.sudo().write({"subject": "系统签章（示例）", "date_end": datetime.now() + timedelta(days=5)})
        for days, name in ((10, "短期系统（示例）"), (180, "长期系统（示例）")):
            self.env["ctsp.auth.key.new"].with_user(admin).create({
                "user_id": self.role("interface").id, "name": name, "addresses": "10.0.0.1", "days": days,
            }).action_issue()
        for _time in range(2):
            self.env["ctsp.auth.site"]._cron_daily()
        told = "\n".join(self.told(admin).mapped("summary"))
        self.assertEqual(len(self.told(admin)), 4, told)
        for name in ("将到期根 CA", "网关", "系统签章", "短期系统"):
            self.assertIn(name, told)

    def test_uploaded(self):
        content = encode(self.certificate(30))
        site = self.env["ctsp.auth.site"].create({"name": "国密网关（示例）", "certificate": content})
        self.assertAlmostEqual(site.not_after, datetime.now() + timedelta(days=30), delta=timedelta(days=1))
        with self.assertRaises(UserError):
            site.certificate = encode(b"nonsense")

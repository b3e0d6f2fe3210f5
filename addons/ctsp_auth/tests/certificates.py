import base64
from datetime import UTC, datetime

from odoo.tests import HttpCase
from odoo.tools import mute_logger

from ctsp_crypto.certificates.authority import Authority, Request
from ctsp_crypto.providers.standard import StandardProvider

from .common import SECRET, AuthCase


class CertificateCase(AuthCase, HttpCase):
    """A test CA that the platform believes, and people with keys of their own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider, cls.now = StandardProvider(), datetime.now(UTC)
        cls.authority = Authority.root(cls.provider, cls.now, name="测试根 CA（示例）")
        cls.trusted = cls.env["ctsp.auth.authority"].create({"certificate": encode(cls.authority.certificate.der)})

    def setUp(self):
        super().setUp()
        self.env.registry.clear_cache()

    def key(self, name="张示例", authority=None, **more):
        """Return ``(certificate, pair)`` of somebody."""
        subject = [("C", "CN"), ("O", "示例单位"), ("CN", name)]
        return (authority or self.authority).issue_with_key(Request(subject, **more))

    def bind(self, key, user=None):
        admin = self.role("security_admin")
        return self.env["ctsp.auth.certificate"].with_user(admin).create(
            {"user_id": (user or self.user).id, "content": encode(key[0].der)}).sudo()

    # ---- what a browser does

    def visit(self, path="/web/login"):
        self.authenticate(None, None)
        return self.url_open(path)

    def call(self, path, **params):
        return self.opener.post(self.base_url() + path, json={"params": params}).json()

    def challenge(self, purpose="sign-in"):
        return self.call("/ctsp/auth/challenge", purpose=purpose)["result"]

    def answer(self, key, asked=None, text=None, certificate=None):
        asked = asked or self.challenge()
        signed = self.provider.sign(key[1].key, (text or asked["message"]).encode()).value
        return {**asked, "certificate": encode((certificate or key[0]).der), "signature": encode(signed)}

    def enter(self, key, **options):
        """Sign in by certificate; return what the server answers."""
        return self.send(self.answer(key, **options))

    def send(self, answer, path="/ctsp/auth/certificate", **more):
        result = self.call(path, answer=answer, **more)["result"]
        self.env.invalidate_all()
        return result

    def enter_by_password(self):
        page = self.visit().text
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        return self.url_open(
            "/web/login", {"csrf_token": token, "login": self.user.login, "password": SECRET})

    def works(self):
        with mute_logger("odoo.http"):
            answer = self.call(
                "/web/dataset/call_kw/ctsp.district/search_count",
                model="ctsp.district", method="search_count", args=[[]], kwargs={})
        self.env.invalidate_all()
        return "result" in answer


def encode(data):
    return base64.b64encode(data).decode()

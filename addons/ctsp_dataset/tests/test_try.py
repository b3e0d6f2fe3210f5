import json
import time
from unittest.mock import patch

from odoo import http
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ctsp_crypto.tools.failure import CryptoUnavailable
from odoo.addons.ctsp_exchange.tools import signing

from ..models import exchange_credential_try
from ..tools.pace import Pace
from .common import FAILED, PREFIX, OpenApiCase
from .sample_definition import row

KEYS, SIGN = "/ctsp/outside/open/keys", "/ctsp/outside/open/sign"


@tagged("post_install", "-at_install")
class TestTry(OpenApiCase):
    """On the page of the documentation people of an institution try the interface: the platform signs for them, with a
    test key of theirs, for the interface only. The secret stays here."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.third, cls.developer = cls.outside("Hospital C")
        cls.test_key, cls.test_secret = cls.issue(cls.third, is_sandbox=True)
        cls.strange_key, _secret = cls.issue(cls.other, is_sandbox=True)

    def setUp(self):
        super().setUp()
        self.patch(exchange_credential_try, "PACE", Pace(60, 60))
        self.patch(exchange_credential_try, "REFUSALS", exchange_credential_try.Counted(60))

    def enter(self, user=None):
        """Sign in, as the institution's developer when nobody is said."""
        user = user or self.developer
        password = f"outside_{user.partner_id.commercial_partner_id.id}" if user.share else user.login
        self.authenticate(user.login, password)

    def sign(self, method="GET", target=f"{PREFIX}/datasets", body=b"", key=None, **changed):
        """Ask for a signature; return ``(status, answer)``."""
        fields = {"csrf_token": http.Request.csrf_token(self), "key": (key or self.test_key).key, "method": method,
                  "target": target, **changed}
        answer = self.url_open(SIGN, data=fields, files={"content": ("content", body)})
        return answer.status_code, answer.json() if "json" in answer.headers["Content-Type"] else answer.text

    def tried(self, method, path, body=b""):
        """What the page does: ask for the headers, send the request with them and without the session."""
        status, told = self.sign(method, PREFIX + path, body)
        self.assertEqual(status, 200, told)
        self.opener.cookies.clear()
        answer = self.opener.request(
            method, self.base_url() + PREFIX + path, data=body or None, timeout=60,
            headers={**told["data"]["headers"], "Content-Type": "application/json"})
        self.enter()
        return answer.status_code, answer.json()

    def test_keys(self):
        """Each is told what he may try with: his own institution's test keys in use, never a secret."""
        told = self.url_open(KEYS).json()["data"]
        self.assertEqual((told["signedIn"], told["keys"], "token" in told), (False, [], False))
        self.assertIn("登录", told["message"])
        self.enter()
        answer = self.url_open(KEYS)
        told = answer.json()["data"]
        self.assertEqual(told["keys"], [
            {"key": self.test_key.key, "signs": True, "note": "", "datasets": ["test_trials"]}])
        self.assertNotIn(self.test_secret, answer.text)
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.test_key._end()
        told = self.url_open(KEYS).json()["data"]
        self.assertEqual((told["keys"], "接口对接测试" in told["message"]), ([], True))
        for role in ("filing_officer", "security_admin", "data_steward"):
            self.enter(self.role(role))
            told = self.url_open(KEYS).json()["data"]
            self.assertEqual((told["signedIn"], told["keys"], "token" in told), (True, [], False), role)

    def test_try(self):
        """A question and a report go through as from a program: kept as a test, counted for the checks, logged."""
        self.enter()
        status, told = self.tried("GET", "/datasets")
        self.assertEqual((status, told["data"]["test"]), (200, True))
        sent = json.dumps(row(1), ensure_ascii=False).encode()
        status, told = self.tried("POST", "/datasets/test_trials/submissions?requestId=try-0001", sent)
        self.assertEqual((status, told["data"]["state"], told["data"]["test"]), (200, "accepted", True), told)
        number = told["data"]["number"]
        self.assertEqual(self.tried("GET", f"/submissions/{number}")[1]["data"]["number"], number)
        calls = self.env["ctsp.dataset.call"].with_user(self.developer).search([])
        self.assertEqual(calls.mapped("is_test"), [True] * 3)
        report = self.env["ctsp.dataset.conformance"].search([("partner_id", "=", self.third.id)])
        self.assertEqual((bool(report.accepted_at), bool(report.receipt_at)), (True, True))

    def test_signature(self):
        """What is signed is this very request: the headers fit no other method, address or content."""
        self.enter()
        target = f"{PREFIX}/datasets/test_trials/submissions?requestId=try-0001"
        status, told = self.sign("POST", target, b"[]")
        self.assertEqual(status, 200)
        headers = told["data"]["headers"]
        self.assertEqual(told["data"]["digest"], signing.digest(b"[]"))
        text = signing.text("POST", target, int(headers["timestamp"]), headers["nonce"], signing.digest(b"[]"))
        self.assertEqual(headers["sign"], signing.hmac(self.test_secret.encode(), text))
        self.assertLess(abs(time.time() * 1000 - int(headers["timestamp"])), 300_000)
        self.assertEqual(headers.keys(), {"appKey", "timestamp", "nonce", "sign"})

    @mute_logger(*FAILED)
    def test_refused(self):
        """Who may not, what is not his, and what is not of the interface: said in Chinese, nothing signed."""
        self.authenticate(None, None)
        status, told = self.sign()
        self.assertEqual((status, told["code"]), (401, 40101))
        self.assertIn("登录", told["message"])
        self.enter()
        ended, _secret = self.issue(self.third, is_sandbox=True)
        ended._end()
        later, _secret = self.issue(self.third, is_sandbox=True, date_start="2999-01-01")
        self.sign_off(self.third)
        real, _secret = self.issue(self.third)
        for key in (self.strange_key, real, self.foreign, ended, later):
            status, told = self.sign(key=key)
            self.assertEqual((status, told["code"], told["data"]), (401, 40101, {}), key)
        for target in (
                f"{PREFIX}/openapi.json", f"{PREFIX}/docs", PREFIX, "/ctsp/exchange/business/x", "/web/login",
                "http://elsewhere.example" + PREFIX + "/datasets", f"{PREFIX}/datasets\nGET", f"{PREFIX}/数据集",
                f"{PREFIX}/datasets#x", f"{PREFIX}/datasets?x=\n1", f" {PREFIX}/datasets",
                f"{PREFIX}/datasets/{{code}}/schema", ""):
            status, told = self.sign(target=target)
            self.assertEqual((status, told["code"]), (404, 40401), target)
        for method in ("POST", "DELETE", "get", "GET\n/x", ""):
            status, told = self.sign(method=method)
            self.assertEqual((status, told["data"]), (405, {"allowed": ["GET"]}), method)
        for role in ("filing_officer", "security_admin", "data_steward"):
            self.enter(self.role(role))
            self.assertEqual(self.sign()[0], 403, role)

    @mute_logger(*FAILED)
    def test_other_key_kinds(self):
        """An SM2 key is their own: the platform has another one, and does not sign with it in their name."""
        pem = self.env["ctsp.exchange.credential"]._public_key()
        theirs, _none = self.issue(self.third, is_sandbox=True, method="sm2", public_key=pem)
        self.enter()
        self.assertEqual(sorted(one["signs"] for one in self.url_open(KEYS).json()["data"]["keys"]), [False, True])
        status, told = self.sign(key=theirs)
        self.assertEqual((status, "SM2" in told["message"]), (403, True))

    @mute_logger(*FAILED)
    def test_forged(self):
        """Another site cannot have anything signed: a request without the page's token, or with another one's."""
        self.enter()
        for token in ("", "x", "0" * 40 + "o99999999999"):
            self.assertEqual(self.sign(csrf_token=token)[0], 400, token)
        self.assertEqual(self.url_open(SIGN).status_code, 405)

    @mute_logger(*FAILED)
    def test_form(self):
        """A form that no page of ours sends is refused, not an error."""
        self.enter()
        fields = {"csrf_token": http.Request.csrf_token(self)}
        answer = self.url_open(SIGN, data=fields, files={"key": ("key", b"x"), "target": ("target", b"x")})
        self.assertEqual((answer.status_code, answer.json()["code"]), (400, 40003))
        answer = self.url_open(SIGN, data=fields | {"content": "text"})
        self.assertEqual(answer.status_code, 401)
        self.assertEqual(self.sign(body=b"x" * (9 << 20))[0], 413)

    @mute_logger(*FAILED)
    def test_too_fast(self):
        """Signatures have a pace of their own; calls have that of the key."""
        self.patch(exchange_credential_try, "PACE", Pace(2, 60))
        self.enter()
        self.assertEqual([self.sign()[0] for _time in range(3)], [200, 200, 429])
        pace = Pace(2, 60)
        said = [pace.takes("a", 0), pace.takes("a", 1), pace.takes("a", 59), pace.takes("b", 59), pace.takes("a", 60)]
        self.assertEqual(said, [True, True, False, True, True])

    @mute_logger(*FAILED)
    def test_unavailable(self):
        """Keys that cannot be asked are told as at the interface itself."""
        self.enter()
        with patch.object(type(self.env["ctsp.exchange.credential"]), "_sign", side_effect=CryptoUnavailable("x")):
            status, told = self.sign()
        self.assertEqual((status, told["code"]), (503, 50302))

    def test_log(self):
        """Who had what signed is in the log; so is who tried with another's key, once a minute."""
        self.enter()
        self.sign()
        with mute_logger(*FAILED):
            for _time in range(3):
                self.sign(key=self.strange_key)
        rows = self.env["ctsp.audit.event"].search([("event", "=", "dataset.try")], order="id")
        self.assertEqual((rows.user_id, rows.mapped("success")), (self.developer, [True, False]))
        self.assertEqual(rows[0].detail["key"], self.test_key.key)
        self.assertEqual(rows[1].detail["key"], self.strange_key.key)

    def test_remote_calls(self):
        """Neither method can be called from outside."""
        self.enter()
        for method in ("_sign_try", "_tried_by_me", "_sign_headers", "_sign"):
            with mute_logger(*FAILED):
                answer = self.url_open("/web/dataset/call_kw", json={"params": {
                    "model": "ctsp.exchange.credential", "method": method, "args": [], "kwargs": {}}})
            self.assertIn("error", answer.json(), method)

    def test_page(self):
        """The page is ours alone: nothing from elsewhere, no script within it, its parts asked for by content."""
        answer = self.url_open(f"{PREFIX}/docs")
        self.assertIn("script-src 'self';", answer.headers["Content-Security-Policy"])
        self.assertNotIn("://", answer.text)
        self.assertNotRegex(answer.text, r"<script[^>]*>[^<]|\son\w+=")
        parts = [part for part in answer.text.split('"') if part.startswith("/ctsp_dataset/static/")]
        self.assertEqual(len(parts), 6)
        for part in parts:
            self.assertRegex(part, r"\?v=[0-9a-f]{16}$")
            self.assertEqual(self.url_open(part).status_code, 200, part)

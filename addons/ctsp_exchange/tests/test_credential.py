import base64
import secrets
import time
from dataclasses import replace
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Datetime
from odoo.tests import tagged

from odoo.addons.ctsp_crypto.tools import machine

from ctsp_crypto.encodings import keys as key_forms

from ..models import exchange_admission
from ..tools import signing
from ..tools.counted import Counted
from ..tools.http import Request
from ..tools.reply import Refused
from .common import TARGET, ExchangeCase


@tagged("post_install", "-at_install")
class TestAdmission(ExchangeCase):
    """Who signed a request: known, from its addresses, fresh, untouched, once."""

    def setUp(self):
        super().setUp()
        self.key, self.secret = self.credentials._issue({"addresses": "10.0.0.0/24"})
        self.failures = []
        self.patch(exchange_admission, "REFUSALS", Counted(0))
        patcher = patch.object(
            self.env.registry["ctsp.audit.port"], "_log_failure",
            lambda port, event, records=None, **detail: self.failures.append((event, detail["reason"])))
        patcher.start()
        self.addCleanup(patcher.stop)

    def refused(self, request, **options):
        with self.assertRaises(Refused) as caught:
            self.credentials._admit(request, **options)
        self.assertEqual(self.failures[-1], ("exchange.refused", caught.exception.name), "every refusal is logged")
        return caught.exception.name

    def test_accepted_once(self):
        request = self.request(self.key, self.secret)
        self.assertEqual(self.credentials._admit(request), self.key)
        self.assertTrue(self.key.last_used_at)
        self.assertEqual(self.refused(request), "replayed")

    def test_what_is_signed(self):
        """Method, path, query, time, nonce and body: none can be changed."""
        good = self.request(self.key, self.secret)
        for changed in (
            {"method": "PUT"}, {"target": "/ctsp/exchange/v1/test/other?x=1"}, {"target": TARGET.replace("1", "2")},
            {"digest": signing.digest(b"{ }")},
            {"headers": good.headers | {"timestamp": str(int(good.headers["timestamp"]) + 1)}},
            {"headers": good.headers | {"nonce": secrets.token_urlsafe(24)}},
            {"headers": good.headers | {"sign": "0" * 64}},
        ):
            with self.subTest(changed=list(changed)):
                self.assertEqual(self.refused(replace(good, **changed)), "signature")
        with self.assertRaises(Refused) as caught:
            self.credentials._admit(replace(good, digest=signing.digest(b"{ }")))
        self.assertEqual(caught.exception.data["signed"].splitlines()[::4], ["POST", signing.digest(b"{ }")],
                         "who signed something else is told what should have been signed")
        self.assertEqual(self.credentials._admit(good), self.key, "what was refused used up nothing")

    def test_clock(self):
        """Five minutes either way, as the dated parameter says."""
        now = int(time.time() * 1000)
        for off in (-310_000, 310_000):
            self.assertEqual(self.refused(self.request(self.key, self.secret, now=now + off)), "stale")
        for off in (-290_000, 290_000):
            self.assertTrue(self.credentials._admit(self.request(self.key, self.secret, now=now + off)))

    def test_address_key_and_headers(self):
        self.assertEqual(self.refused(self.request(self.key, self.secret, address="10.0.1.1")), "address")
        self.assertEqual(self.refused(self.request(self.key, self.secret, address=None)), "address")
        self.assertEqual(self.refused(self.request(self.key, self.secret, appKey="k" + "0" * 20)), "key_unknown")
        for name in ("appKey", "timestamp", "nonce", "sign"):
            self.assertEqual(self.refused(self.request(self.key, self.secret, **{name: ""})), "header_missing")
        self.assertEqual(self.refused(self.request(self.key, self.secret, nonce="short")), "header_missing")
        other = self.credentials._issue({})[0]
        self.assertEqual(
            self.refused(self.request(self.key, self.secret), use_domain=[("id", "=", other.id)]), "key_unknown")

    def test_flood(self):
        """Who is refused again and again fills the log with one row a minute, not one each time."""
        self.patch(exchange_admission, "REFUSALS", counted := Counted(60))
        for number in range(5):
            with self.assertRaises(Refused):
                self.credentials._admit(self.request(self.key, self.secret, appKey=f"unknown-{number}"))
        self.assertEqual(self.failures, [("exchange.refused", "key_unknown")])
        self.assertEqual([counted.repeated("x", now) for now in (0, 1, 2, 61, 62, 130)], [0, None, None, 2, None, 1])

    def test_our_own_key_lets_nobody_in(self):
        ours, secret = self.credentials._issue({"use": "out"})
        self.assertEqual(self.refused(self.request(ours, secret)), "key_unknown")

    def test_rotation_with_overlap(self):
        successor, secret = self.key._rotate()
        self.assertNotEqual(secret, self.secret)
        self.assertEqual(successor.addresses, "10.0.0.0/24")
        for key, its in ((self.key, self.secret), (successor, secret)):
            self.assertEqual(self.credentials._admit(self.request(key, its)), key)
        with patch.object(Datetime, "now", lambda: Datetime.add(self.key.date_end, seconds=1)):
            self.env.invalidate_all()
            self.assertEqual(self.key.state, "ended")
            self.assertEqual(self.refused(self.request(self.key, self.secret)), "key_unknown")
        self.env.invalidate_all()
        with self.assertRaises(UserError):
            self.key._rotate()

    def test_ended(self):
        self.key._end()
        self.assertEqual(self.refused(self.request(self.key, self.secret)), "key_unknown")
        self.assertIn(self.key, self.credentials.search([("state", "=", "ended")]))
        self.assertNotIn(self.key, self.credentials.search([("state", "=", "active")]))

    def test_sm2(self):
        """They sign with a key pair of theirs; we know its public half only."""
        pair = machine.providers().generate_key_pair()
        key, secret = self.credentials._issue(
            {"method": "sm2", "public_key": key_forms.write_public(pair.public).decode()})
        self.assertIsNone(secret)

        def sign(text, holder=pair):
            return base64.b64encode(machine.providers().sign(holder, text).value).decode()

        def request(holder):
            headers = signing.headers(
                key.key, "POST", TARGET, b"{}", int(time.time() * 1000), secrets.token_urlsafe(24),
                lambda text: sign(text, holder))
            return Request("POST", TARGET, headers, signing.digest(b"{}"), "10.0.0.1")

        self.assertEqual(self.credentials._admit(request(pair)), key)
        self.assertEqual(self.refused(request(machine.providers().generate_key_pair())), "signature")
        with self.assertRaises(ValidationError):
            self.credentials._issue({"method": "sm2", "public_key": "nonsense"})

    def test_ours(self):
        """What we send is signed so that the other side can check it, with either method."""
        hmac_key, secret = self.credentials._issue({"use": "out"})
        headers = hmac_key._sign_headers("POST", "/api/x?y=%E4%B8%AD", b"body")
        said = signing.read(headers)
        text = signing.text("POST", "/api/x?y=%E4%B8%AD", said.timestamp, said.nonce, signing.digest(b"body"))
        self.assertTrue(signing.hmac_holds(secret.encode(), text, said.sign))
        sm2_key = self.credentials._issue({"use": "out", "method": "sm2"})[0]
        said = signing.read(sm2_key._sign_headers("GET", "/api", b""))
        text = signing.text("GET", "/api", said.timestamp, said.nonce, signing.digest(b""))
        machine.providers().verify(
            key_forms.read_public(self.credentials._public_key()), text, base64.b64decode(said.sign))


@tagged("post_install", "-at_install")
class TestKeyScreens(ExchangeCase):
    """The security administrator issues, replaces and ends keys; nobody reads a secret."""

    def test_issue_and_rotate(self):
        admin = self.role("security_admin")
        wizard = self.env["ctsp.exchange.credential.issue"].with_user(admin).create({"note": "A system"})
        shown = wizard.action_issue()["context"]
        key = self.credentials.search([("key", "=", shown["default_shown_key"])])
        self.assertEqual(self.credentials._admit(self.request(key, shown["default_shown_secret"])), key)
        with self.assertRaises(AccessError):
            key.with_user(admin).read(["secret"])
        again = self.env["ctsp.exchange.credential.issue"].with_user(admin).with_context(
            **key.with_user(admin).action_rotate()["context"]).create({})
        self.assertNotEqual(again.action_issue()["context"]["default_shown_secret"], shown["default_shown_secret"])
        self.assertTrue(key.successor_id)
        key.with_user(admin).action_end()
        self.assertEqual(key.state, "ended")

    def test_our_public_key(self):
        """Who sets up SM2 is handed what the other side verifies with, when it is issued and afterwards."""
        admin = self.role("security_admin")
        wizard = self.env["ctsp.exchange.credential.issue"].with_user(admin).create(
            {"use": "out", "method": "sm2", "key": "ours-by-sm2"})
        shown = wizard.action_issue()["context"]
        self.assertFalse(shown["default_shown_secret"])
        key_forms.read_public(shown["default_shown_public_key"])
        kept = self.credentials.with_user(admin).search([("key", "=", "ours-by-sm2")])
        self.assertEqual(kept.our_public_key, shown["default_shown_public_key"])
        self.assertFalse(self.credentials._issue({"use": "out"})[0].our_public_key)

    def test_end_is_announced(self):
        """A key that ends soon is told to data stewards, until it is replaced; one that lasts is not."""
        backend = self.env["ctsp.exchange.backend"].create({"name": "Test system", "code": "ending"})
        for days in (10, 90):
            end = Datetime.add(Datetime.now(), days=days)
            self.credentials._issue({"backend_id": backend.id, "key": f"ends-in-{days}", "date_end": end})
        self.env["ctsp.exchange.watch"]._cron_watch()
        alerts = self.env["ctsp.risk.alert"].search([("dedup_key", "=like", "exchange:key:%")])
        self.assertEqual(["ends-in-10" in alert.name for alert in alerts], [True])
        self.credentials.search([("key", "=", "ends-in-10")])._rotate()
        self.env["ctsp.exchange.watch"]._cron_watch()
        self.assertEqual(alerts.state, "closed")

    def test_secret_of_the_other_side(self):
        """A secret that they drew is typed in, kept encrypted, and not shown again."""
        wizard = self.env["ctsp.exchange.credential.issue"].with_user(self.role("security_admin")).create(
            {"use": "out", "key": "their-key", "given_secret": "their secret of 2026"})
        wizard.env.flush_all()
        self.env.cr.execute("SELECT given_secret FROM ctsp_exchange_credential_issue WHERE id = %s", [wizard.id])
        self.assertNotIn(b"their secret", bytes(self.env.cr.fetchone()[0]))
        self.assertFalse(wizard.action_issue()["context"]["default_shown_secret"])
        self.assertFalse(wizard.given_secret)
        self.assertEqual(self.credentials.search([("key", "=", "their-key")]).secret, "their secret of 2026")

    def test_nobody_else(self):
        key = self.credentials._issue({})[0]
        for role in ("system_admin", "data_steward", "interface"):
            user = self.role(role)
            with self.subTest(role=role), self.assertRaises(AccessError):
                key.with_user(user).action_end()
            with self.assertRaises(AccessError):
                self.credentials.with_user(user).create({"key": "mine-is-this"})
        with self.assertRaises(AccessError):
            self.credentials.with_user(self.role("security_admin")).create({"key": "mine-is-this"})

import io
from datetime import UTC
from unittest.mock import patch

from PyPDF2 import PdfWriter

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ctsp_crypto.tests.authority import Office, chosen
from odoo.addons.ctsp_crypto.tools import machine

from ctsp_crypto.certificates.authority import Request, armor
from ctsp_crypto.certificates.csr import Request as SigningRequest
from ctsp_crypto.errors import PolicyError, ProviderRefused, ProviderUnavailable

from .certificates import CertificateCase, encode
from .test_gateway import GatewayCase


class OfficeCase(CertificateCase):
    """A service for certificates that is asked beside the chain that is known here."""

    def setUp(self):
        super().setUp()
        writer, stream = PdfWriter(), io.BytesIO()
        writer.add_blank_page(200, 200)
        writer.write(stream)
        self.paper = stream.getvalue()
        self.office = Office()
        self.startPatcher(patch.object(machine.providers(), "choice", chosen(self.office, "certificate_verifier")))


@tagged("post_install", "-at_install")
class TestConfirmed(OfficeCase):
    """Who is accepted here is let in when the service accepts him, too: asked once for each sign-in."""

    def setUp(self):
        super().setUp()
        self.mine = self.key()
        self.bind(self.mine)
        self.office.calls.clear()
        self.visit()

    def refused(self, reason):
        result = self.enter(self.mine)
        self.assertNotIn("url", result)
        self.assertIn(reason, str(self.failure().detail))
        self.assertFalse(self.works())
        return result["error"]

    def test_accepted(self):
        self.assertIn("url", self.enter(self.mine))
        self.assertEqual(len(self.office.calls), 1)

    def test_revoked_there(self):
        self.office.refused.add(self.mine[0].fingerprint())
        self.refused("service")
        self.assertEqual(len(self.office.calls), 1)

    def test_away(self):
        """Nobody is let in unasked, nobody is counted for it, and it goes on by itself."""
        self.office.trouble = ProviderUnavailable("no answer")
        for _attempt in range(8):
            self.assertRegex(self.refused("provider"), "try again|稍后再试")
        self.office.trouble = None
        self.assertIn("url", self.enter(self.mine))

    @mute_logger("odoo.addons.ctsp_crypto.tools.failure")
    def test_lies(self):
        self.office.trouble = ProviderRefused("the service judged another certificate than it was asked about")
        self.refused("provider")
        self.assertTrue(self.env["ctsp.audit.log"].search([("event", "=", "crypto.provider")]))

    def test_not_asked_about_what_is_refused_here(self):
        """Nor about a certificate that is bound to nobody, however good it is."""
        self.send({**self.answer(self.mine), "signature": self.answer(self.key("李示例"))["signature"]})
        self.enter(self.key("王示例"))
        self.assertIn("not_bound", str(self.failure().detail))
        self.assertFalse(self.office.calls)

    @mute_logger("odoo.addons.ctsp_crypto.tools.failure")
    def test_refuses_to_say(self):
        """A service that does not answer this platform lets nobody in, and nobody is counted for it."""
        self.office.trouble = PolicyError("the service refused: policy")
        for _attempt in range(6):
            self.refused("provider")
        self.office.trouble = None
        self.assertIn("url", self.enter(self.mine))

    @mute_logger("odoo.addons.ctsp_crypto.tools.failure")
    def test_papers(self):
        """A seal with an issued certificate is asked about as of when it was made; a development one is nobody's."""
        certificates, signer = self.env["ctsp.crypto.certificate"], self.env["ctsp.signer"]
        paper = signer._sign_pdf(self.paper, "x")
        self.assertTrue(signer._verify_pdf(paper)[0]["good"])
        self.assertFalse(self.office.calls)
        request = SigningRequest(certificates._request("document.sign"))
        issued = self.authority.issue(Request([("CN", "核查中心电子印章")]), request.key.spki)
        certificates._take("document.sign", b"".join(
            armor("CERTIFICATE", one.der) for one in (issued, self.authority.certificate)))
        paper = signer._sign_pdf(self.paper, "x")
        one, = signer._verify_pdf(paper)
        self.assertEqual((one["good"], one["unproved"]), (True, ""))
        self.assertEqual([at.astimezone(UTC).replace(tzinfo=None) for at in self.office.calls], [one["date"]])
        for trouble in (ProviderUnavailable("no answer"), ProviderRefused("not true")):
            self.office.trouble = trouble
            one, = signer._verify_pdf(paper)
            self.assertEqual((one["good"], bool(one["unproved"])), (True, True))
        self.office.trouble = None
        self.office.refused.add(issued.fingerprint())
        one, = signer._verify_pdf(paper)
        self.assertFalse(one["good"])
        self.assertIn("does not accept", one["problem"])


@tagged("post_install", "-at_install")
class TestBound(OfficeCase):
    """A certificate is bound, confirmed and taken up again when the service accepts it, too."""

    def setUp(self):
        super().setUp()
        self.mine, self.admin = self.key(), self.role("security_admin")
        self.rows = self.env["ctsp.auth.certificate"].with_user(self.admin)

    def hand_in(self):
        return self.rows.create({"user_id": self.user.id, "content": encode(self.mine[0].der)})

    def own(self):
        """Bind one's own by answering a challenge."""
        message = self.env["ctsp.auth.nonce"]._challenge("bind", "host", "session")
        signature = self.provider.sign(self.mine[1].key, message["message"].encode()).value
        return self.env["ctsp.auth.certificate"].with_user(self.user)._bind_own({
            **message, "certificate": encode(self.mine[0].der), "signature": encode(signature)}, "host", "session")

    def test_handed_in(self):
        self.assertEqual(self.hand_in().state, "active")
        self.assertEqual(len(self.office.calls), 1)

    def test_own(self):
        row = self.own()
        self.assertEqual((row.state, len(self.office.calls)), ("pending", 1))
        self.office.refused.add(self.mine[0].fingerprint())
        with self.assertRaisesRegex(UserError, "does not accept"):
            row.with_user(self.admin).action_confirm()
        self.assertEqual(row.state, "pending")
        self.office.refused.clear()
        row.with_user(self.admin).action_confirm()
        self.assertEqual(row.state, "active")

    def test_refused(self):
        self.office.refused.add(self.mine[0].fingerprint())
        for bind in (self.hand_in, self.own):
            with self.assertRaisesRegex(UserError, "does not accept"), self.env.cr.savepoint():
                bind()
        self.assertFalse(self.rows.search([]))

    def test_away(self):
        self.office.trouble = ProviderUnavailable("no answer")
        for bind in (self.hand_in, self.own):
            with self.assertRaisesRegex(UserError, "cannot be reached"), self.env.cr.savepoint():
                bind()
        self.assertFalse(self.rows.search([]))
        self.office.trouble = None
        self.own()

    @mute_logger("odoo.addons.ctsp_crypto.tools.failure")
    def test_lies(self):
        self.office.trouble = ProviderRefused("another certificate than it was asked about")
        with self.assertRaisesRegex(UserError, "does not hold"):
            self.hand_in()


@tagged("post_install", "-at_install")
class TestConfirmedThroughGateway(OfficeCase, GatewayCase):
    """Whom a gateway names is asked about like whoever comes with his key."""

    def test_confirmed(self):
        self.office.calls.clear()
        self.assertTrue(self.come(self.say()))
        self.assertEqual(len(self.office.calls), 1)

    def test_refused(self):
        self.office.refused.add(self.holder[0].fingerprint())
        self.refused(self.say(), "service")
        self.office.refused.clear()
        self.office.trouble = ProviderUnavailable("no answer")
        self.refused(self.say(), "provider")

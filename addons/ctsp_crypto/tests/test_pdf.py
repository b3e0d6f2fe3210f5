import base64
import io
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

from PyPDF2 import PdfWriter

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ctsp_crypto.certificates.authority import Authority, Request, armor
from ctsp_crypto.certificates.csr import Request as SigningRequest
from ctsp_crypto.cli import main as command
from ctsp_crypto.errors import ProviderUnavailable

from ..tools import machine
from ..tools.failure import CryptoUnavailable
from .common import CryptoCase


@tagged("post_install", "-at_install")
class TestPdf(CryptoCase):
    """Final papers are signed, and anybody who holds one sees by whom."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        writer, stream = PdfWriter(), io.BytesIO()
        writer.add_blank_page(200, 200)
        writer.write(stream)
        cls.paper = stream.getvalue()
        cls.signer = cls.env["ctsp.signer"]

    def test_signed(self):
        """The paper stays as it is, byte by byte; the signature names the system, its certificate and what for."""
        signed = self.signer._sign_pdf(self.paper, "检查报告 沪检〔2026〕1号")
        self.assertTrue(signed.startswith(self.paper.rstrip()[:-5]))
        one, = self.signer._verify_pdf(signed)
        self.assertTrue(one["good"], one["problem"])
        self.assertTrue(one["whole"])
        self.assertIn("系统签章", one["signer"])
        self.assertEqual(one["reason"], "检查报告 沪检〔2026〕1号（系统签章）")
        self.assertTrue(one["development"], "a development certificate says so")
        again = self.signer._sign_pdf(signed, "第二次")
        self.assertEqual([row["good"] for row in self.signer._verify_pdf(again)], [True, True])

    def test_altered(self):
        signed = bytearray(self.signer._sign_pdf(self.paper, "x"))
        signed[signed.index(b"/MediaBox") + 12] ^= 1
        self.assertFalse(self.signer._verify_pdf(bytes(signed))[0]["good"])

    def test_command_agrees(self):
        """The command line comes to the same conclusion, with our root as the only one it trusts."""
        signed = self.signer._sign_pdf(self.paper, "x")
        with tempfile.TemporaryDirectory() as folder:
            root, good, bad = (Path(folder) / name for name in ("root.pem", "good.pdf", "bad.pdf"))
            root.write_text(self.env["ctsp.crypto.certificate"]._current("document.sign").chain)
            good.write_bytes(signed)
            bad.write_bytes(signed.replace(b"/MediaBox [ 0 0 200", b"/MediaBox [ 0 0 300"))
            with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
                self.assertEqual(command(["pdf", "verify", str(good), "--root", str(root)]), 0)
                self.assertEqual(command(["pdf", "verify", str(bad), "--root", str(root)]), 1)

    def test_page(self):
        """A regulator checks a file: signed, unsigned, and what is no PDF."""
        checks = self.env["ctsp.crypto.pdf"].with_user(self.role("inspector"))
        signed = self.signer._sign_pdf(self.paper, "x")
        for data, state in ((signed, "good"), (self.paper, "none")):
            check = checks.create({"data": base64.b64encode(data), "file_name": "a.pdf"})
            check.action_verify()
            self.assertEqual((check.state, len(check.line_ids)), (state, int(state == "good")))
        with self.assertRaises(UserError):
            checks.create({"data": base64.b64encode(b"x"), "file_name": "a.pdf"}).action_verify()

    def test_no_signature_no_paper(self):
        def down(*_args, **_named):
            raise ProviderUnavailable("no answer")

        with patch.object(machine.providers(), "sign", down, create=True), \
                patch.object(machine.providers(), "sign_digest", down, create=True), \
                self.assertRaises(CryptoUnavailable):
            self.signer._sign_pdf(self.paper, "x")

    def test_issued_certificate(self):
        """An authority's certificate takes the place of the development one; old signatures stay valid."""
        old = self.signer._sign_pdf(self.paper, "x")
        certificates = self.env["ctsp.crypto.certificate"]
        authority = Authority.root(machine.providers(), datetime.now(UTC))
        foreign, _pair = authority.issue_with_key(Request([("CN", "别人")]))
        with self.assertRaises(ValidationError):
            certificates._take("document.sign", armor("CERTIFICATE", foreign.der))
        request = SigningRequest(certificates._request("document.sign"))
        request.check(machine.providers())
        issued = authority.issue(Request([("C", "CN"), ("CN", "核查中心电子印章")]), request.key.spki)
        content = armor("CERTIFICATE", issued.der) + armor("CERTIFICATE", authority.certificate.der)
        taken = certificates._take("document.sign", content)
        self.assertEqual((taken.kind, certificates._current("document.sign")), ("licensed", taken))
        new, = self.signer._verify_pdf(self.signer._sign_pdf(self.paper, "x"))
        self.assertTrue(new["good"], new["problem"])
        self.assertFalse(new["development"])
        self.assertTrue(self.signer._verify_pdf(old)[0]["good"])
        with self.assertRaises(AccessError):
            certificates.with_user(self.role("system_admin")).search([])

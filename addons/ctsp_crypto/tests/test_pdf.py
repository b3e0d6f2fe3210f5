import base64
import io
import re
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

from PyPDF2 import PdfReader, PdfWriter

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL

from ctsp_crypto.certificates.authority import Authority, Request, armor
from ctsp_crypto.certificates.csr import Request as SigningRequest
from ctsp_crypto.cli import main as command
from ctsp_crypto.errors import ProviderUnavailable
from ctsp_crypto.signatures import Identity
from ctsp_crypto.signatures.pdf import Statement, sign_pdf

from ..tools import machine
from ..tools.failure import CryptoUnavailable
from .common import CryptoCase


class PaperCase(CryptoCase):
    """A paper of one page, to be sealed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        writer, stream = PdfWriter(), io.BytesIO()
        writer.add_blank_page(200, 200)
        writer.write(stream)
        cls.paper = stream.getvalue()
        cls.signer = cls.env["ctsp.signer"]


@tagged("post_install", "-at_install")
class TestPdf(PaperCase):
    """Final papers are signed, and anybody who holds one sees by whom."""

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

    def test_wrong_offset(self):
        """A file whose table is not where it says does not count as signed, and fills no log."""
        signed = self.signer._sign_pdf(self.paper, "x")
        moved = re.sub(rb"startxref\s+(\d+)", lambda found: b"startxref\n%d" % (int(found[1]) + 1), signed)
        self.assertNotEqual(moved, signed)
        with self.assertNoLogs(level="WARNING"):
            found = self.signer._verify_pdf(moved)
        self.assertFalse(found and all(row["good"] for row in found), found)

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
        writer, locked = PdfWriter(), io.BytesIO()
        writer.append_pages_from_reader(PdfReader(io.BytesIO(self.paper)))
        writer.encrypt("secret")
        writer.write(locked)
        with self.assertRaisesRegex(UserError, "password"):
            checks.create({"data": base64.b64encode(locked.getvalue()), "file_name": "a.pdf"}).action_verify()

    def test_illegible(self):
        """What somebody wrote into his file is shown as far as it is text."""
        authority = Authority.root(machine.providers(), datetime.now(UTC))
        certificate, pair = authority.issue_with_key(Request([("CN", "某人（示例）")]))
        for reason in ("a\0b（示例）", "x" * 3000):
            data = sign_pdf(self.paper, Identity(pair.key, certificate), machine.providers(), datetime.now(UTC),
                            Statement(reason))
            check = self.env["ctsp.crypto.pdf"].with_user(self.role("inspector")).create(
                {"data": base64.b64encode(data), "file_name": "a.pdf"})
            check.action_verify()
            self.assertEqual((check.state, check.line_ids.reason), ("bad", reason.replace("\0", "�")))

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

    def issued(self, authority, **more):
        """Have ``authority`` issue one for the key in use; return it in PEM."""
        request = SigningRequest(self.env["ctsp.crypto.certificate"]._request("document.sign"))
        made = authority.issue(Request([("C", "CN"), ("CN", "核查中心电子印章")], **more), request.key.spki)
        return armor("CERTIFICATE", made.der)

    def test_chain_is_looked_at(self):
        """Whole up to a root, for signing, and in time; a later one needs no chain of its own."""
        certificates, authority = self.env["ctsp.crypto.certificate"], Authority.root(
            machine.providers(), datetime.now(UTC))
        middle, root = authority.intermediate("示例中级 CA"), armor("CERTIFICATE", authority.certificate.der)
        above = armor("CERTIFICATE", middle.certificate.der) + root
        for content in (
                self.issued(middle) + root, self.issued(middle),
                self.issued(authority, usages=("key_encipherment",)) + root,
                self.issued(Authority.root(machine.providers(), datetime.now(UTC))) + root):
            with self.assertRaisesRegex(ValidationError, "up to the root"):
                certificates._take("document.sign", content)
        first = certificates._take("document.sign", self.issued(middle) + above)
        again = certificates._take("document.sign", self.issued(middle))
        self.assertEqual(again.chain, first.chain)
        self.assertTrue(self.signer._verify_pdf(self.signer._sign_pdf(self.paper, "x"))[0]["good"])

    def test_renewed_key_waits_for_its_certificate(self):
        """Once papers were sealed with an issued certificate, no development certificate seals one."""
        certificates, authority = self.env["ctsp.crypto.certificate"], Authority.root(
            machine.providers(), datetime.now(UTC))
        root = armor("CERTIFICATE", authority.certificate.der)
        first = certificates._take("document.sign", self.issued(authority) + root)
        renewal = self.env["ctsp.crypto.rotation"].create({"key_id": "data/document.sign", "reason": "年度轮换"})
        renewal.action_start()
        self.assertEqual(certificates._current("document.sign"), first)
        self.assertTrue(first.is_of_former_key)
        old, = self.signer._verify_pdf(self.signer._sign_pdf(self.paper, "x"))
        self.assertEqual((old["good"], old["development"]), (True, False), old["problem"])
        key = self.env["ctsp.crypto.key"].search([("key_id", "=", "data/document.sign"), ("version", "=", 1)])
        self.assertTrue(key._needed_by(), "it signs: not to be destroyed")
        second = certificates._take("document.sign", self.issued(authority))
        self.assertEqual((certificates._current("document.sign"), second.key_version), (second, 2))
        self.assertFalse(key._needed_by())
        self.assertTrue(self.signer._verify_pdf(self.signer._sign_pdf(self.paper, "x"))[0]["good"])
        (first | second).with_user(self.role("security_admin")).action_end()
        with self.assertRaisesRegex(UserError, "Nothing is sealed"):
            self.signer._sign_pdf(self.paper, "x")

    def test_ended_certificate_seals_nothing(self):
        authority = Authority.root(machine.providers(), datetime.now(UTC))
        certificates = self.env["ctsp.crypto.certificate"]
        taken = certificates._take(
            "document.sign", self.issued(authority, days=30) + armor("CERTIFICATE", authority.certificate.der))
        with patch.object(fields.Datetime, "now", lambda: taken.date_end), self.assertRaises(UserError):
            self.signer._sign_pdf(self.paper, "x")

    def test_root_put_in_by_sql_is_not_believed(self):
        authority = Authority.root(machine.providers(), datetime.now(UTC), name="外来根 CA")
        certificate, pair = authority.issue_with_key(Request([("CN", "核查中心电子印章")]))
        forged = sign_pdf(self.paper, Identity(pair.key, certificate, (authority.certificate,)), machine.providers(),
                          datetime.now(UTC), Statement(reason="x"))
        self.assertFalse(self.signer._verify_pdf(forged)[0]["good"])
        self.env.cr.execute(SQL(
            """INSERT INTO ctsp_crypto_certificate (purpose, key_version, kind, certificate, chain, active)
               VALUES ('document.sign', 1, 'licensed', %s, %s, true)""",
            armor("CERTIFICATE", certificate.der).decode(), armor("CERTIFICATE", authority.certificate.der).decode()))
        self.assertFalse(self.signer._verify_pdf(forged)[0]["good"])

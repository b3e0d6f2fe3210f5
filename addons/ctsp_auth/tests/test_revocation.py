import http.server
import io
import threading
from datetime import timedelta
from unittest.mock import patch

from PyPDF2 import PdfWriter

from odoo.tests import common, tagged

from odoo.addons.ctsp_auth.tools import revocation

from ctsp_crypto.certificates.authority import Authority, Request, armor
from ctsp_crypto.certificates.csr import Request as SigningRequest

from .certificates import CertificateCase, encode


class Publisher(http.server.BaseHTTPRequestHandler):
    """Publishes one list: whole, cut off, with a byte now and then, or silent in the middle."""

    def do_GET(self):
        content, way = self.server.content, self.path.strip("/")
        self.send_response(200)
        if way != "endless":
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        try:
            self._write(content, way)
        except OSError:  # the other side had enough
            pass

    def _write(self, content, way):
        if way in ("cut", "silent"):
            self.wfile.write(content[:3])
            self.wfile.flush()
            self.server.over.wait(30 if way == "silent" else 0)
        elif way in ("drip", "endless"):
            for byte in content:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                if self.server.over.wait(0.1):
                    return
        else:
            self.wfile.write(content)

    def log_message(self, *_args):
        """Say nothing."""


@tagged("post_install", "-at_install")
class TestRevocationLists(CertificateCase):
    """Lists are fetched by the hour; whatever an authority's server does, those of the others are fetched."""

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        return common._super_send(session, request, **options)

    def setUp(self):
        super().setUp()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Publisher)
        self.server.over, self.server.content = threading.Event(), self.authority.crl(2).der
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.addCleanup(self.server.over.set)

    def paper(self):
        writer, stream = PdfWriter(), io.BytesIO()
        writer.add_blank_page(200, 200)
        writer.write(stream)
        return stream.getvalue()

    def address(self, way="whole"):
        return f"http://127.0.0.1:{self.server.server_port}/{way}"

    def test_fetched_and_acted_on(self):
        key = self.key()
        row = self.bind(key)
        self.authority.revoke(key[0])
        self.addCleanup(self.authority.revoked.clear)
        self.server.content = self.authority.crl(2).der
        self.trusted.crl_url = self.address()
        self.trusted._cron_lists()
        self.assertEqual((self.trusted.crl_count, self.trusted.crl_problem, row.state), (1, False, "revoked"))
        with patch.object(type(self.trusted), "_take_list", side_effect=AssertionError("the same list again")):
            self.trusted._cron_lists()

    def test_one_bad_server_holds_up_nobody(self):
        other = self.env["ctsp.auth.authority"].create({
            "certificate": encode(Authority.root(self.provider, self.now, name="测试 Z 根（示例）").certificate.der),
            "crl_url": self.address()})
        for way, word, short in (
                ("cut", "ProtocolError", {}), ("silent", "ReadTimeoutError", {"silence": 2}),
                ("drip", "ProtocolError", {"longest": 1}), ("endless", "Timeout", {"longest": 1})):
            with self.subTest(way=way), patch.dict(revocation.fetch.__kwdefaults__, short):
                self.trusted.crl_url, other.crl_problem = self.address(way), False
                self.trusted._cron_lists()
                self.assertIn(word, self.trusted.crl_problem)
                self.assertTrue(other.crl_problem, "not its own list: it was fetched all the same")
                self.assertFalse(self.trusted.crl)

    def test_seal_of_papers(self):
        """A paper sealed after the seal's certificate was revoked does not hold; one sealed before does."""
        certificates, signer = self.env["ctsp.crypto.certificate"], self.env["ctsp.signer"]
        request = SigningRequest(certificates._request("document.sign"))
        issued = self.authority.issue(Request([("CN", "核查中心电子印章")]), request.key.spki)
        certificates._take("document.sign", b"".join(
            armor("CERTIFICATE", one.der) for one in (issued, self.authority.certificate)))
        paper = signer._sign_pdf(self.paper(), "x")
        for at, good in ((self.now + timedelta(hours=1), True), (self.now - timedelta(hours=1), False)):
            self.authority.revoke(issued, at=at)
            self.addCleanup(self.authority.revoked.clear)
            self.trusted.crl = encode(self.authority.crl(2 + good).der)
            self.assertEqual(signer._verify_pdf(paper)[0]["good"], good)
            self.authority.revoked.clear()

    def test_no_list_is_that_large(self):
        self.trusted.crl_url = self.address()
        with patch.dict(revocation.fetch.__kwdefaults__, {"largest": 10}):
            self.trusted._cron_lists()
        self.assertIn("32 MB", self.trusted.crl_problem)

import base64
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ctsp_auth.tests.certificates import encode
from odoo.addons.ctsp_auth.tools.paper import write
from odoo.addons.ctsp_auth.tools.signing import SignatureWanted
from odoo.addons.ctsp_base.tools.digest import sm3
from odoo.addons.ctsp_crypto.tests.authority import Authority, chosen
from odoo.addons.ctsp_crypto.tools import machine
from odoo.addons.ctsp_test_document.tests.common import make_kind, png, text_of

from .signing import SigningCase


@tagged("post_install", "-at_install")
class TestPaper(SigningCase):
    """A paper is made final with the certificate of whoever does it: the file itself says so, for good."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        make_kind(cls.env)
        cls.inspector = cls.role("inspector")
        cls.record = cls.env["ctsp.test.papered"].with_user(cls.inspector).create({
            "name": "示例第一医院（示例）", "text": "符合"})

    def setUp(self):
        super().setUp()
        self.row = self.bind(self.mine, self.inspector)

    def paper(self):
        paper = self.record._document_make("test_record")
        paper.input_ids.value = "李示例（示例）"
        paper._fix()
        for line in paper.signature_ids:
            line._take({"name": "签名人（示例）", "image": png()})
        self.env.flush_all()
        return paper

    def signed(self, paper=None):
        paper = paper or self.paper()
        self.take("finalise", paper, **self.answer(self.wanted("finalise", paper)))
        return paper

    def file(self, paper):
        return base64.b64decode(paper.with_context(bin_size=False).data)

    def verified(self, data):
        """Return the state of the page for a file, and its lines: the person's, the seal's."""
        check = self.env["ctsp.crypto.pdf"].with_user(self.role("reviewer")).create(
            {"data": base64.b64encode(data), "file_name": "a.pdf"})
        check.action_verify()
        return check.state, check.line_ids

    def test_signed(self):
        """Who signs signs the digest of the very PDF; it bears the block, and the evidence his signature."""
        texts = self.wanted("finalise", paper := self.paper())
        self.assertEqual(paper.state, "draft")
        self.assertIn(self.row.serial, texts[0])
        self.take("finalise", paper, **self.answer(texts))
        data = self.file(paper)
        self.assertIn(f'"paper_digest":"{paper.paper_digest}"', texts[0])
        self.assertEqual((paper.digest, paper.certified, paper.certified_by, self.entry(paper).signer),
                         (sm3(data), "person", self.inspector.name, "user"))
        text = text_of(data)
        for expected in ("电子签名", self.inspector.name.replace(" ", ""), self.row.serial):
            self.assertIn(expected, text)
        state, lines = self.verified(data)
        self.assertEqual((state, lines.mapped("kind")), ("good", ["person", "seal"]))
        self.assertEqual((lines[0].serial, lines[0].date), (self.row.serial, paper.certified_at))
        self.assertIn("CN=张示例", lines[0].signer)

    def test_time_stamp(self):
        """The paper he signs has one time stamp: none is asked for while it is made only to be shown to him."""
        authority = Authority()
        with patch.object(machine.providers(), "choice", chosen(authority)):
            state, lines = self.verified(self.file(self.signed()))
            self.assertEqual((state, authority.calls), ("good", 1))
            for line in lines:
                self.assertIn("示例时间戳机构", line.stamp)

    def test_another_certificate(self):
        """Who holds several signs once, with the one he chooses: the paper is set for that one before he does."""
        other = self.key("张示例二")
        row = self.bind(other, self.inspector)
        row.date_used = "2099-01-01"
        texts = self.wanted("finalise", paper := self.paper())
        self.assertIn(row.serial, texts[0], "set for the one used last")
        mine = encode(self.mine[0].der)
        with self.assertRaises(SignatureWanted) as wanted:
            self.take("finalise", paper, certificate=mine)
        self.env.invalidate_all()
        self.assertEqual((paper.state, wanted.exception.context["certificate"]), ("draft", mine))
        self.take("finalise", paper, **self.answer(wanted.exception.context["texts"]))
        self.assertEqual((paper.state, self.verified(self.file(paper))[1][0].serial), ("final", self.row.serial))
        self.assertNotIn(row.serial, text_of(self.file(paper)))

    def test_revoked_afterwards(self):
        """What was signed before stays valid and says so; after it nothing is signed, and the log knows."""
        paper = self.signed()
        self.row.with_user(self.role("security_admin")).action_revoke()
        state, lines = self.verified(self.file(paper))
        self.assertEqual(state, "good")
        self.assertIn("stays valid", lines[0].now)
        texts = self.wanted("finalise", other := self.paper())
        with self.assertRaises(UserError) as refused, mute_logger("odoo.addons.ctsp_audit"):
            self.take("finalise", other, **self.answer(texts))
        self.assertIn(self.row.serial, refused.exception.args[0])
        self.env.invalidate_all()
        self.assertEqual((other.state, other.certified), ("draft", "none"))

    def test_changed(self):
        """A byte of the paper, of what the person signed, or another paper's signature: found."""
        paper = self.signed()
        data = bytearray(self.file(paper))
        data[data.index(b"/MediaBox") + 12] ^= 1
        state, lines = self.verified(bytes(data))
        self.assertEqual((state, lines.mapped("good")), ("bad", [False, False]))
        # the same signature, under a good seal, on another paper
        signer = self.env["ctsp.signer"]
        foreign = self.file(self.signed())
        given = self.env["ctsp.auth.signature"].search([("res_id", "=", paper.id)])
        signature = encode(bytes.fromhex(given.signature))
        answer = {"texts": [given.text], "signatures": [signature], "certificate": encode(self.mine[0].der)}
        with patch.object(type(signer), "_attached", lambda _self, data, _record: write(answer, 0, len(data))):
            moved = signer._sign_pdf(foreign, "x")
        state, lines = self.verified(moved)
        self.assertEqual(state, "bad")
        self.assertEqual([line.good for line in lines if line.kind == "person"], [True, False])

    def test_without(self):
        """Without his certificate it bears the system's seal alone, and no block."""
        self.take("finalise", paper := self.paper(), declined=True)
        self.assertEqual((paper.certified, paper.certified_by, self.entry(paper).signer), ("seal", False, "system"))
        self.assertNotIn("电子签名", text_of(self.file(paper)))
        self.assertEqual(self.verified(self.file(paper))[1].mapped("kind"), ["seal"])

    def test_of_two_certificates(self):
        """The one he chooses is the one on the paper: he is asked again for a text that names it."""
        other = self.key()
        row = self.bind(other, self.inspector)
        first = self.wanted("finalise", paper := self.paper())
        key = self.mine if row.serial in first[0] else other
        again = self.wanted("finalise", paper, **self.answer(first, key))
        self.take("finalise", paper, **self.answer(again, key))
        self.assertIn(key[0].serial_text, paper.certificate)

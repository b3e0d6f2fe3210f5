import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ctsp_base.tools import digest
from odoo.addons.ctsp_document.tools import sheet

from .common import DocumentCase, png, text_of


@tagged("post_install", "-at_install")
class TestDocument(DocumentCase):

    def pdf(self, document):
        return base64.b64decode(document.with_context(bin_size=False).data)

    def test_text_equals_record(self):
        """What stands in the record can be read out of the PDF, rare characters included."""
        document = self.final()
        text = text_of(self.pdf(document))
        for expected in ("示例𠮷第一医院（示例）", "第一条：㙓", "第二条：符合", "张㙓、李𠮷（示例）",
                         "测试笔录", "第1页共1页",
                         "被检查单位负责人：", "（以下空白）", document.number.replace(" ", "")):
            self.assertIn(expected, text)

    def test_numbers_without_gap(self):
        """Only finalising draws a number; a draft that is dropped or fails leaves no gap."""
        first = self.final()
        self.draft().unlink()
        self.record.sudo().is_ready = False
        with self.assertRaises(UserError):
            self.signed(self.draft())._finalise()
        self.record.sudo().is_ready = True
        second = self.final()
        self.assertEqual([int(it.number[-5:-1]) for it in first + second], [1, 2])
        self.assertIn("测笔 第0001号", first.number)

    def test_frozen(self):
        """A final paper stays as it is: for its inspector, for the superuser, and when record or template change."""
        document = self.final()
        before = self.pdf(document)
        self.assertEqual(document.digest, digest.sm3(before))
        self.record.name = "另一名称"
        self.template.action_next_version()
        self.assertEqual(self.pdf(document), before)
        for vals in ({"content": "x"}, {"data": base64.b64encode(b"x")}, {"number": "1"}, {"digest": "0"}):
            with self.assertRaises(AccessError):
                document.write(vals)
            with self.assertRaises(AccessError):
                document.sudo().write(vals)
        with self.assertRaises(UserError):
            document.input_ids.value = "x"
        with self.assertRaises(UserError):
            document.unlink()
        with self.assertRaises(UserError):
            self.record.unlink()
        with self.assertRaises(AccessError):
            document.state = "draft"

    def test_signatures_fix_the_content(self):
        """The first signature fixes what is signed; texts and record no longer change the paper."""
        document = self.draft()
        document._fix()
        document.signature_ids[0]._take({"name": "甲（示例）", "image": png()})
        self.assertEqual((document.sign_state, document.is_locked), ("partly", True))
        with self.assertRaises(UserError):
            document.input_ids.value = "改过"
        self.record.text = "改过"
        self.assertNotIn("改过", text_of(document._paper()))
        with self.assertRaises(UserError):
            document._finalise()
        document.action_unlock()
        self.assertEqual((document.sign_state, document.is_locked), ("waiting", False))
        self.assertIn("改过", text_of(document._paper()))

    def test_refusal_and_objection(self):
        """A refusal needs reason and witness; refusal and objection are printed."""
        document = self.draft()
        document._fix()
        inspectee, inspector = document.signature_ids
        self.assertEqual((inspectee.role, inspector.role), ("inspectee", "inspector"))
        with self.assertRaises(UserError):
            inspectee._take({"name": "乙（示例）", "refused": True, "reason": "不认可"})
        with self.assertRaises(UserError):
            inspector._take({"name": "甲（示例）", "image": base64.b64encode(b"no picture")})
        inspectee._take({"name": "乙（示例）", "refused": True, "reason": "不认可", "witness": "丙（示例）",
                         "objection": "第二条与事实不符"})
        inspector._take({"name": "甲（示例）", "image": png()})
        with self.assertRaises(UserError):
            inspector._take({"name": "甲（示例）", "image": png()})
        document._finalise()
        text = text_of(self.pdf(document))
        for expected in ("乙（示例）拒绝签名", "理由：不认可", "见证人：丙（示例）", "第二条与事实不符"):
            self.assertIn(expected, text)
        self.assertTrue(document.has_objection)

    def test_void_and_replace(self):
        """Correcting means voiding with a reason and making a new one; the old file stays."""
        document = self.final()
        before = self.pdf(document)
        with self.assertRaises(UserError):
            document.action_replace()
        with self.assertRaises(UserError):
            document.run_transition("void")
        document.run_transition("void", "单位名称有误")
        self.assertEqual((document.state, document.void_reason, self.pdf(document)), ("void", "单位名称有误", before))
        self.assertNotEqual(document._paper(), before, "shown with its mark")
        replacement = self.env["ctsp.document"].browse(document.action_replace()["res_id"])
        self.assertEqual(replacement.replaces_id, document)
        self.assertEqual(replacement.state, "draft")

    def test_missing_text(self):
        """A required text that is missing stops the paper and is named; no number is drawn."""
        document = self.record._document_make("test_record")
        with self.assertRaisesRegex(UserError, "检查人员"):
            self.signed(document)._finalise()
        self.assertFalse(document.number)

    def test_missing_glyph(self):
        """A character that no font has stops the paper and is named: a name is not printed as a box."""
        self.record.name = f"示例{chr(0x2B741)}医院（示例）"
        document = self.signed(self.draft())
        with mute_logger("weasyprint"):
            self.assertTrue(document._paper(), "the draft can be looked at")
            with self.assertRaisesRegex(UserError, chr(0x2B741)):
                document._finalise()

    def test_same_bytes(self):
        """The same content gives the same file: no clock, no chance in it."""
        document = self.final()
        furniture = sheet.kept_furniture(sheet.Furniture(**document.furniture))
        again = document._print(sheet.kept(document.content), furniture, document.number)
        self.assertEqual(again[0], self.pdf(document))

    def test_board(self):
        """The board shows each type with its papers and whether another may be made."""
        self.final()
        line = self.record.document_board[0]
        self.assertEqual((line["code"], line["may_make"], len(line["papers"])), ("test_record", True, 1))
        self.kind.is_single = True
        self.record.invalidate_recordset()
        self.assertFalse(self.record.document_board[0]["may_make"])
        with self.assertRaises(UserError):
            self.record._document_make("test_record")

    def test_roll(self):
        """The same template serves a roll: its page is as long as its text."""
        template = self.env["ctsp.document.template"].create(
            {"type_id": self.kind.id, "content": TEMPLATE_ROLL, "paper": "roll58"})
        answer = template.preview()
        self.assertFalse(answer["problems"])
        self.assertEqual(answer["pages"], 1)


TEMPLATE_ROLL = """{{ title() }}
{{ facts([("单位", name)]) }}
{{ grid(lines, [("序号", "no"), ("内容", "content")]) }}
{{ signatures() }}"""

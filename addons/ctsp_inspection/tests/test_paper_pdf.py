import os
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

from odoo.tests import tagged

from odoo.addons.ctsp_base.tools import digest
from odoo.addons.ctsp_document.tests import pdf as paper_pdf
from odoo.addons.ctsp_document.tools import sheet

from .paper_common import PaperCase

FAMILIES = {"Noto-Serif-CJK-SC", "Noto-Serif-CJK-SC-Bold", "Noto-Sans-CJK-SC", "Noto-Sans-CJK-SC-Bold"}
LANDSCAPE = {"clause_sheet"}
STRUCK = {"inspection_record", "clause_sheet", "defect_list", "inspection_report",
          "delivery_receipt"}
"""papers of the two sides: what is left blank is struck through; letters of the office end with its seal"""
SIGNED_EVERY_PAGE = {
    "inspection_notice": ("被检查单位负责人：", "检查人员："),
    "inspection_record": ("被检查单位负责人：", "检查人员：", "记录人："),
    "clause_sheet": ("被检查单位负责人：", "检查组长：", "检查组员："),
    "defect_list": ("被检查单位负责人：", "检查组长：", "检查组员："),
    "inspection_report": ("检查组长：", "检查组员："),
    "meeting_sheet": ("检查组长：",),
    "delivery_receipt": ("收件人：", "送达人："),
}
SAYS = {
    "inspection_notice": ("监督检查告知书", "沪检㙓001", "不申请回避", "拒绝检查", "告第0001号"),
    "meeting_sheet": ("首末次会议签到表", "首次会议签名", "签第0001号"),
    "inspection_record": ("现场检查笔录", "填写收集的证据㙓𠮷", "王示例（示例），机构办公室主任",
                          "（以下空白）", "现笔第0001号"),
    "clause_sheet": ("检查条款记录表", "培训记录不完整㙓（示例）", "不符合", "不适用", "★★", "条第0001号"),
    "defect_list": ("缺陷项目清单", "授权表缺少李𠮷的签名（示例）", "严重缺陷1项", "各执一份", "缺第0001号"),
    "inspection_report": ("现场检查报告", "示例𠮷片Ⅲ期临床试验（示例）", "已补充㙓记录（示例）", "√限期整改",
                          "报第0001号",
                          "附件：现场照片", "观察员"),
    "rectification_notice": ("限期整改通知书", "缺陷3项", "关键岗位职责不清（示例）", "（盖章）", "改第0001号"),
    "evaluation_report": ("综合评定报告书", "已补齐李𠮷的授权记录㙓（示例）", "已核实", "√符合要求", "□不符合要求",
                          "整改到位㙓（示例）",
                          "（盖章）", "评第0001号", "上海市示例区𠮷祥路1号", "检查人员"),
    "delivery_receipt": ("送达回证", "√直接送达", "综合评定报告书", "送第0001号"),
}


class Words(HTMLParser):
    """The texts of a paper's HTML, in order."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_data(self, data):
        text = "".join(data.split())
        if text:
            self.found.append(text)


def words(html):
    parser = Words()
    parser.feed(html)
    return parser.found


@tagged("post_install", "-at_install")
class TestPaperPdf(PaperCase):
    """Every type of paper as the file it becomes: read and drawn by programs that had no part in making it.

    With ``CTSP_PAPERS=folder`` in the environment the papers and their pages are put there to be looked at.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.papers = cls.all_nine()
        cls.files = {code: cls.bytes_of(paper) for code, paper in cls.papers.items()}
        cls.keep()

    @classmethod
    def keep(cls):
        if not os.environ.get("CTSP_PAPERS"):
            return
        folder = Path(os.environ["CTSP_PAPERS"])
        folder.mkdir(parents=True, exist_ok=True)
        for code, content in cls.files.items():
            (folder / f"{code}.pdf").write_bytes(content)
            for at, picture in enumerate(paper_pdf.pictures(content), 1):
                picture.save(folder / f"{code}-{at}.png")

    def each(self):
        self.assertEqual(len(self.papers), 9)
        return self.files.items()

    def test_text_equals_record(self):
        """What the paper was made from stands in the PDF character by character; and it is what the record says."""
        for code, content in self.each():
            text = "".join(paper_pdf.pages(content))
            for expected in SAYS[code]:
                self.assertIn(expected, text)
            for rare in (self.a.name, "㙓", "𠮷"):
                self.assertIn(rare, text, code)
            frozen = words(self.papers[code].content)
            missing = Counter("".join(frozen)) - Counter(text)
            self.assertFalse(missing, "characters of the paper that are not in the PDF")
            broken = [run for run in frozen if run not in text]
            self.assertLess(len(broken), 4, broken)  # a run that goes over the end of a page is broken by its head
        rows = "".join(paper_pdf.pages(self.files["clause_sheet"]))
        for line in self.whole.line_ids:
            for said in (line.number, line.point, line.content, line.description or ""):
                self.assertIn(said, rows)

    def test_pages(self):
        """A4 on every page, numbered “page x of y”, the document number and the authority on each."""
        authority = self.env["ctsp.document"]._organisation()
        for code, content in self.each():
            size = (297, 210) if code in LANDSCAPE else (210, 297)
            sizes = paper_pdf.sizes(content)
            self.assertEqual(set(sizes), {size})
            self.assertEqual(len(sizes), self.papers[code].pages)
            number = "".join(self.papers[code].number.split())
            for at, text in enumerate(paper_pdf.pages(content), 1):
                self.assertIn(f"第{at}页共{len(sizes)}页", text)
                self.assertIn(number, text)
                self.assertIn(authority, text)
        self.assertGreater(self.papers["clause_sheet"].pages, 2, "the long one shows what later pages are like")

    def test_fonts(self):
        """Chinese fonts are embedded as subsets and no other font crept in; no character is drawn as an empty box."""
        for _code, content in self.each():
            fonts = paper_pdf.fonts(content)
            self.assertLessEqual(fonts.keys(), FAMILIES)
            self.assertTrue(fonts)
            self.assertEqual(set(fonts.values()), {(True, True)})
            self.assertEqual(paper_pdf.undefined_glyphs(content), 0)

    def test_signatures_on_every_page(self):
        """逐页签名: each page of a paper of the two sides bears who signed it."""
        for code, parties in SIGNED_EVERY_PAGE.items():
            for text in paper_pdf.pages(self.files[code]):
                for party in parties:
                    self.assertIn(party, text, code)

    def test_pictures(self):
        """Drawn: no page is blank, nothing is drawn into the margins, blank parts are struck through."""
        for code, content in self.each():
            pictures = paper_pdf.pictures(content)
            for picture in pictures:
                self.assertGreater(paper_pdf.ink(picture), 0.002, code)
                self.assertEqual(paper_pdf.beyond(picture, left=22, top=10, right=20, bottom=6), 0)
            struck = sum(paper_pdf.strokes(picture) for picture in pictures)
            self.assertEqual(struck > 0, code in STRUCK, code)

    def test_checks_can_fail(self):
        """The checks above see what they look for: an empty box, ink beyond the margin, a page without a stroke."""
        boxes, furniture = self.papers["meeting_sheet"], sheet.Furniture()
        with self.assertLogs("weasyprint", "WARNING"):
            content, _pages = boxes._print(chr(0x2B741), furniture, "1")
        self.assertGreater(paper_pdf.undefined_glyphs(content), 0)
        wide, _pages = boxes._print(
            sheet.kept("<p style='margin-left: -20mm; white-space: nowrap'>越界越界</p>"), furniture, "1")
        picture = paper_pdf.pictures(wide)[0]
        self.assertGreater(paper_pdf.beyond(picture, left=22, top=10, right=20, bottom=6), 0)
        self.assertEqual(paper_pdf.strokes(picture), 0)

    def test_template_changed_later(self):
        """A template published later leaves a frozen paper as it is, byte and hash; drafts that were signed too."""
        paper = self.papers["defect_list"]
        before, hash_before = self.files["defect_list"], paper.digest
        current = paper.template_id.with_user(self.role("data_steward"))
        template = current.browse(current.action_next_version()["res_id"])
        template.content = "{{ title('改版后的清单') }}{{ signatures() }}"
        template.run_transition("publish")
        paper.invalidate_recordset()
        self.assertEqual((self.bytes_of(paper), paper.digest), (before, hash_before))
        self.assertEqual(digest.sm3(before), hash_before)
        self.assertEqual(paper.type_id.template_id, template.sudo())
        self.assertNotEqual(paper.template_id, template.sudo())
        paper.run_transition("void", "示例")
        self.assertIn("缺陷项目清单", "".join(paper_pdf.pages(paper._paper())), "the void copy too is the old paper")


@tagged("post_install", "-at_install")
class TestRefusedPaper(PaperCase):
    """Who does not sign, and who signs with an objection, is on the paper."""

    def text(self, **refusal):
        return "".join(paper_pdf.pages(self.bytes_of(self.final("defect_list", **refusal))))

    def test_refusal(self):
        """拒绝签名: reason and witness stand where the signature would."""
        text = self.text(refused=True, reason="不认可第2项", witness="丙㙓（示例）")
        for said in ("张㙓（示例）拒绝签名", "理由：不认可第2项", "见证人：丙㙓（示例）"):
            self.assertIn(said, text)

    def test_objection(self):
        """异议: recorded with the signature, printed below it."""
        self.assertIn("（张㙓（示例））的异议：第1项与事实不符𠮷", self.text(objection="第1项与事实不符𠮷"))

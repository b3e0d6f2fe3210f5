import contextlib
import io
import zipfile

from odoo.tests import BaseCase, tagged

from odoo.addons.ctsp_base.tests import damaging

from ..tools import compare, law_file, law_text, ngrams, numbers

LAW = """某某管理办法
（2026年第1号）
目  录
第一章 总则
第二章 职责
第一章　总　则
第一条　为了规范管理，制定本办法。
第二条　本办法适用于下列情形：
（一）甲；
（二）乙。
第二章　职　责
第三条【职责】有关单位依照
第二条的规定履行职责。
第十条 附则。
第十条之一 补充。
"""


@tagged("post_install", "-at_install")
class TestNumbers(BaseCase):
    def test_sort_key(self):
        """Numbers sort as people count, digits and Chinese numerals alike."""
        for ordered in (
            ["1.2", "1.9", "1.10", "2.1"],
            ["A2", "A10", "B1"],
            ["第九条", "第十条", "第十一条", "第二十六条", "第一百零三条", "第一百二十六条"],
            ["一、", "十二、"],
        ):
            self.assertEqual(sorted([*ordered[1:], ordered[0]], key=numbers.sort_key), ordered)
        self.assertEqual(numbers.chinese_number("一百零三"), 103)
        self.assertEqual(numbers.chinese_number("二十"), 20)


@tagged("post_install", "-at_install")
class TestLawText(BaseCase):
    def test_chapters_and_articles(self):
        """Chapters, articles, items, headings are found; contents and references at a line's beginning are none."""
        parsed = law_text.parse(LAW)
        self.assertEqual(
            [article.number for article in parsed.articles], ["第一条", "第二条", "第三条", "第十条", "第十条之一"]
        )
        self.assertIn("某某管理办法", parsed.preamble)
        first, second, third = parsed.articles[:3]
        self.assertEqual(first.chapter.replace(" ", ""), "第一章总则")
        self.assertIn("（二）乙。", second.text)
        self.assertEqual((third.heading, third.chapter.replace(" ", "")), ("职责", "第二章职责"))
        self.assertIn("第二条的规定履行职责。", third.text)

    def test_nothing(self):
        """A text without articles gives none, and no error."""
        self.assertEqual(law_text.parse("").articles, [])
        self.assertEqual(law_text.parse("随便一段话").articles, [])

    def test_numbers_that_are_none(self):
        """Digits among Chinese numerals (as a scanner reads them) and endless ones number no article."""
        for line in ("第2十条 甲", "第十2条 甲", f"第{'1' * 5000}条 甲"):
            self.assertEqual(law_text.parse(f"第一条 乙\n{line}").articles[0].text, f"乙\n{line}")
        self.assertEqual(law_text.parse("第\uff11条 甲").articles[0].number, "第\uff11条")
        self.assertTrue(numbers.sort_key("9" * 5000))

    def test_files(self):
        """docx, html, GBK and UTF-8 text give the same articles; other files are refused with a reason."""
        expected = [article.number for article in law_text.parse(LAW).articles]
        page = "<html><head><title>x</title><style>p{}</style></head><body>" + "".join(
            f"<p>{line}</p>" for line in LAW.splitlines()) + "</body></html>"
        document = "".join(f'<w:p><w:r><w:t xml:space="preserve">{line}</w:t></w:r></w:p>' for line in LAW.splitlines())
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("word/document.xml", (
                '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
                f"<w:body>{document}</w:body></w:document>"))
        for content, name in ((LAW.encode(), "a.txt"), (LAW.encode("gbk"), "a.txt"), (LAW.encode("utf-16"), "a.txt"),
                              (page.encode(), "a.html"), (stream.getvalue(), "a.docx")):
            found = law_text.parse(law_file.read(content, name)).articles
            self.assertEqual([article.number for article in found], expected, name)
        for content, code in (
            (b"", "empty"),
            (b"\xd0\xcf\x11\xe0aaaa", "old_word"),
            (b"PK\x03\x04broken", "unreadable"),
            (b"\x00\x01\x02\xff", "unreadable"),
            (b"x" * (law_file.LIMIT + 1), "too_large"),
        ):
            with self.assertRaises(law_file.TextFileError) as caught:
                law_file.read(content, "a.bin")
            self.assertEqual(caught.exception.code, code)
        for content in (*damaging.turned(stream.getvalue(), 17), *damaging.repacked(stream.getvalue(), 1),
                        LAW.encode("utf-16")[:-1]):
            with contextlib.suppress(law_file.TextFileError):
                law_text.parse(law_file.read(content, "a.docx"))


@tagged("post_install", "-at_install")
class TestNgrams(BaseCase):
    def test_tokens_and_snippet(self):
        """Chinese runs give characters and pairs (rare characters too); the snippet marks every hit."""
        self.assertEqual(ngrams.tokens("知情同意gcp"), {"知", "情", "同", "意", "知情", "情同", "同意", "gcp"})
        self.assertEqual(ngrams.needed("知情"), {"知情"})
        self.assertIn("𠮷㙓", ngrams.tokens("𠮷㙓"))
        self.assertEqual(ngrams.terms("  知情　同意 ＧＣＰ "), ["知情", "同意", "gcp"])
        parts = ngrams.snippet("甲" * 200 + "知情同意书" + "乙" * 200, ["知情"])
        self.assertEqual([text for text, hit in parts if hit], ["知情"])
        self.assertTrue(parts[0][0] == "…" and parts[-1][0] == "…")


@tagged("post_install", "-at_install")
class TestComparePure(BaseCase):
    def row(self, number, text, origin=None, **values):
        return {
            "id": f"{number}{text}",
            "origin": origin,
            "key": number,
            "values": {"number": number, "text": text, **values},
        }

    def test_pairs(self):
        """Rows pair by origin, by number, by equal text; what is left was added or removed, at its place."""
        old = [self.row("1", "甲"), self.row("2", "乙"), self.row("3", "丙"), self.row("4", "丁")]
        new = [self.row("1", "甲改"), self.row("9", "丙"), self.row("5", "新"), self.row("7", "丁", origin="4丁")]
        pairs = compare.compare(old, new, "text")
        self.assertEqual([(p.kind, (p.new or p.old)["key"]) for p in pairs],
                         [("changed", "1"), ("removed", "2"), ("changed", "9"), ("added", "5"), ("changed", "7")])
        self.assertEqual(pairs[2].fields, ("number",))
        self.assertEqual(compare.counts(pairs), {"added": 1, "removed": 1, "changed": 3, "same": 0})

    def test_text_diff_rebuilds_both(self):
        """The marked text gives both texts back, and single equal characters do not fray it."""
        old, new = "研究者应当在24小时内报告申办者。", "主要研究者获知后应当立即书面报告申办者和伦理审查委员会。"
        parts = list(compare.text_diff(old, new))
        self.assertEqual("".join(t for op, t in parts if op != "insert"), old)
        self.assertEqual("".join(t for op, t in parts if op != "delete"), new)
        self.assertEqual(list(compare.text_diff("同", "同")), [("equal", "同")])

import re

from odoo.tests import BaseCase, tagged

from odoo.addons.ctsp_exchange.tools import reply

from ..tools import findings, guide, markdown
from .sample_definition import definition


@tagged("post_install", "-at_install")
class TestGuide(BaseCase):
    """The guide on paper is the guide of the repository, and names every code that a program can meet."""

    def test_codes(self):
        """Each code of an answer and each kind of finding stands in a table."""
        text = guide.TEXT.read_text(encoding="utf-8")
        cells = set(re.findall(r"`([a-z_]+)`", "".join(re.findall(r"^\| [^|]*\|", text, re.MULTILINE))))
        numbers = set(re.findall(r"\b\d{5}\b", text))
        self.assertFalse({str(code) for code, _words in reply.CODES.values()} - numbers)
        self.assertFalse({*findings.TEXTS, "apply"} - cells)

    def test_paper(self):
        """Another interface's words are not in it; its chapters are those of the text."""
        page = str(guide.intro([definition()]))
        for words in ("bizId、version、data", "请提高版本号"):
            self.assertNotIn(words, page)
        for words in ("GBK", "新密钥", "40901", "1234567812345678", "<td>/conformance</td>", "parts/{n}"):
            self.assertIn(words, page)
        self.assertNotIn("**", re.sub(r"<pre>.*?</pre>", "", page, flags=re.DOTALL))

    def test_markdown(self):
        """Lists within lists, tables and code; what looks like markup is text."""
        page = markdown.html("## A\n<b>\n1. one `x<y`\n   - in\n2. two\n\n"
                             "| a | b |\n|---|---|\n| 1 | **2** |\n```sh\n**k**\n```\n")
        self.assertEqual(page.replace("\n", ""), (
            "<h2>A</h2><p>&lt;b&gt;</p><ol><li>one <code>x&lt;y</code><ul><li>in</li></ul></li><li>two</li></ol>"
            "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td><b>2</b></td></tr></tbody>"
            "</table><pre>**k**</pre>"))

import io

from PyPDF2 import PdfReader

from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from odoo.addons.ctsp_base.tools import pdf


@tagged("post_install", "-at_install")
class TestPdf(TransactionCase):
    """Official papers come out as PDF with Chinese text, headers, footers and page numbers, and fetch nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.ui.view"].create({
            "name": "paper", "key": "ctsp_test_kernel.paper", "type": "qweb",
            "arch": """<t t-name="ctsp_test_kernel.paper"><t t-call="web.html_container"><t t-foreach="docs" t-as="doc">
                <t t-call="web.external_layout"><div class="page"><h1>检查通知书</h1>
                <img src="http://evil.example.org/x.png"/><img src="/web/static/img/logo.png"/>
                <table><thead><tr><th>条款号</th><th>内容</th></tr></thead><tbody>
                <tr t-foreach="range(60)" t-as="row"><td>A<t t-esc="row"/></td><td>受试者保护（示例）<br/>
                <t t-esc="doc.name"/></td></tr>
                </tbody></table></div></t></t></t></t>"""})
        cls.report = cls.env["ir.actions.report"].create({
            "name": "paper", "model": "res.partner", "report_name": "ctsp_test_kernel.paper",
            "report_type": "qweb-pdf"})
        cls.partners = cls.env["res.partner"].create([{"name": "示例第一医院"}, {"name": "示例第二医院"}])

    def render(self, partners, lang="zh_CN"):
        with mute_logger("weasyprint"):
            content, kind = self.env["ir.actions.report"].with_context(
                force_report_rendering=True, lang=lang)._render_qweb_pdf(self.report.id, partners.ids)
        self.assertEqual(kind, "pdf")
        return PdfReader(io.BytesIO(content))

    def test_chinese_pages(self):
        """Each record's pages count from one, heads repeat, every Chinese character can be read back."""
        pages = [page.extract_text() for page in self.render(self.partners).pages]
        half = len(pages) // 2
        self.assertGreater(half, 1)
        text = "".join(pages)
        self.assertIn("检查通知书", text)
        self.assertIn("示例第二医院", "".join(pages[half:]))
        self.assertTrue(all("条款号" in page for page in pages), "the head of the table repeats")
        self.assertIn(f"1 / {half}", pages[half].replace("\n", " "))

    def test_chinese_glyphs(self):
        """The glyphs are those of a simplified Chinese font, embedded."""
        fonts = {str(font.get_object()["/BaseFont"]) for page in self.render(self.partners[0]).pages
                 for font in page["/Resources"]["/Font"].values()}
        self.assertTrue(any("CJK-SC" in font or "CJK" in font for font in fonts), fonts)

    def test_kept_as_files(self):
        """A report that is kept with its records makes one file for each of them."""
        self.report.attachment = "'paper-%s.pdf' % object.id"
        self.render(self.partners)
        self.assertEqual(self.env["ir.attachment"].search_count([("name", "like", "paper-%.pdf")]), 2)

    def test_no_network(self):
        """Only our own assets are served: no other host, no file, no path outside the static folders."""
        fetcher = pdf.OwnAssetsFetcher("http://localhost:8069", self.env["ir.actions.report"]._pdf_asset)
        self.assertTrue(fetcher.fetch("http://localhost:8069/web/static/img/logo.png").read())
        self.assertTrue(fetcher.fetch("data:text/plain,x").read())
        for url in ("http://evil.example.org/web/static/img/logo.png", "file:///etc/passwd", "ftp://localhost/x",
                    "http://localhost:8069/web/static/../../../../../../etc/passwd", "http://localhost:8069/web/login",
                    "http://localhost:80/web/static/img/logo.png", "http://localhost:8069/web/static/src/none.png"):
            with self.assertRaises(ValueError, msg=url):
                fetcher.fetch(url)

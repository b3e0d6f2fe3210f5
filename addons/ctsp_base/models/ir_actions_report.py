import mimetypes
import re

from odoo import api, models
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tools import file_open

from ..tools import pdf

BUNDLE = re.compile(r"/web/assets/[^/]+(?:/[^/]+)?/(?P<name>[^/]+\.css)")
STATIC = re.compile(r"/(?P<path>[a-z0-9_]+/static/[\w./ -]+)")
IMAGE = re.compile(
    r"/web/(?:image|content)/(?:(?P<model>[a-z0-9_.]+)/)?(?P<id>\d+)(?:-\w+)?(?:/(?P<field>\w+))?(?:/.*)?")
BARCODE = re.compile(r"/report/barcode/(?P<kind>\w+)/(?P<value>.+)")


class IrActionsReport(models.Model):
    """PDF by WeasyPrint instead of wkhtmltopdf: page numbers, whole rows and Chinese as they should be.

    The layout, header and footer of Odoo's reports stay as they are; only the engine is another.
    """

    _inherit = "ir.actions.report"

    @api.model
    def get_wkhtmltopdf_state(self):
        return "ok"

    @api.model
    def _run_wkhtmltopdf(
            self, bodies, report_ref=False, header=None, footer=None, landscape=False, specific_paperformat_args=None,
            set_viewport_size=False):
        paper = self._get_report(report_ref).get_paperformat() if report_ref else self.get_paperformat()
        args = specific_paperformat_args or {}
        margins = (
            float(args.get("data-report-margin-top") or paper.margin_top or 0), paper.margin_right,
            float(args.get("data-report-margin-bottom") or paper.margin_bottom or 0), paper.margin_left)
        flat = landscape or args.get("data-report-landscape") or paper.orientation == "Landscape"
        style = pdf.page_style(self._pdf_size(paper), bool(flat), margins)
        base_url = self._get_report_url()
        fetcher = pdf.OwnAssetsFetcher(base_url, self._pdf_asset)
        lang = (self.env.lang or "zh_CN").replace("_", "-")
        return pdf.render(bodies, header, footer, style, fetcher, base_url, lang)

    @api.model
    def _pdf_size(self, paper):
        if paper.format == "custom" and paper.page_width and paper.page_height:
            return f"{paper.page_width}mm {paper.page_height}mm"
        known = ("A3", "A4", "A5", "B4", "B5", "Letter", "Legal")
        return paper.format if paper.format in known else "A4"

    @api.model
    def _pdf_asset(self, path):
        """Return ``(content, mime type)`` of one of our own assets, with the rights of the user; else ``None``."""
        for pattern, find in ((BUNDLE, self._pdf_bundle), (STATIC, self._pdf_static), (IMAGE, self._pdf_image),
                              (BARCODE, self._pdf_barcode)):
            if match := pattern.fullmatch(path):
                return find(match)
        return None

    def _pdf_bundle(self, match):
        name, rtl, kind, autoprefix = self.env["ir.asset"]._parse_bundle_name(match["name"], False)
        bundle = self.env["ir.qweb"].sudo()._get_asset_bundle(  # style sheets are public files
            name, css=kind == "css", js=False, rtl=rtl, autoprefix=autoprefix)
        return bundle.css().raw, "text/css"

    def _pdf_static(self, match):
        try:
            with file_open(match["path"], "rb") as stream:
                return stream.read(), mimetypes.guess_type(match["path"])[0] or "application/octet-stream"
        except (FileNotFoundError, ValueError):
            return None

    def _pdf_image(self, match):
        binary = self.env["ir.binary"]
        try:
            record = binary._find_record(res_model=match["model"] or "ir.attachment", res_id=int(match["id"]))
            stream = binary._get_image_stream_from(record, match["field"] or "raw")
        except (AccessError, MissingError, UserError, KeyError):
            return None
        return stream.read(), stream.mimetype

    def _pdf_barcode(self, match):
        try:
            return self.barcode(match["kind"], match["value"]), "image/png"
        except ValueError:
            return None

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """Render records one by one when each is kept as a file: there is no outline to split them by."""
        report = self._get_report(report_ref)
        if not res_ids or len(res_ids) == 1 or not report.attachment:
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids)
        streams = {}
        for res_id in dict.fromkeys(res_ids):
            streams.update(super()._render_qweb_pdf_prepare_streams(report_ref, dict(data or {}), [res_id]))
        return streams

import csv
import io
import json

from odoo import http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request

from odoo.addons.ctsp_base.tools.coercion import FORMULA_STARTS

from ..tools import accepted as rows_table
from ..tools import guide, json_schema, marked, paper, sample, workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
REPORT = {"row": "行号", "path": "字段", "level": "级别", "message": "问题", "value": "报送值", "hint": "如何改正",
          "rule": "规则"}
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _json(value):
    return json.dumps(value, ensure_ascii=False, indent=2).encode()


#: kind → (suffix, type, function of the definition)
KINDS = {
    "xlsx": (".xlsx", XLSX, workbook.write),
    "template": ("-模板.xlsx", XLSX, workbook.template),
    "docx": (".docx", DOCX, paper.docx),
    "pdf": (".pdf", "application/pdf", lambda definition: paper.pdf([definition])),
    "schema": (".schema.json", "application/schema+json", lambda definition: _json(json_schema.row_schema(definition))),
    "sample": (".sample.json", "application/json",
               lambda definition: _json([sample.row(definition, number) for number in range(1, 4)])),
}


class DatasetDownload(http.Controller):
    """Versions of data sets as files, each made from the one definition; the rights of the reader decide."""

    @http.route("/ctsp/outside/dataset/<int:version_id>/<string:kind>", type="http", auth="user", methods=["GET"],
                readonly=True)
    def download(self, version_id, kind):
        """Send a version as ``kind``."""
        version = request.env["ctsp.dataset.version"].browse(version_id).exists()
        if kind not in KINDS or not version or not version.has_access("read"):
            raise request.not_found()
        suffix, mimetype, make = KINDS[kind]
        return request.make_response(make(version._definition()), [
            ("Content-Type", mimetype),
            ("Content-Disposition", content_disposition(f"{version.display_name}{suffix}")),
            ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")])

    @http.route("/ctsp/outside/guide", type="http", auth="user", methods=["GET"], readonly=True)
    def guide(self):
        """Send the guide to the interfaces as PDF, from what is published."""
        datasets = request.env["ctsp.dataset"]
        if not datasets.has_access("read"):
            raise request.not_found()
        # sudo: published standards are public
        definitions = [version._definition() for version in datasets.sudo().search([]).current_id]
        return request.make_response(guide.pdf(definitions), [
            ("Content-Type", "application/pdf"),
            ("Content-Disposition", content_disposition(f"{guide.TITLE}.pdf")),
            ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")])

    @http.route("/ctsp/outside/submission/<int:submission_id>", type="http", auth="user", methods=["GET"],
                readonly=True)
    def report(self, submission_id):
        """Send the whole report of a submission as csv."""
        submission = request.env["ctsp.dataset.submission"].browse(submission_id).exists()
        if not submission or not submission.has_access("read") or submission.swept_at:
            raise request.not_found()
        found = submission.sudo()._report()  # sudo: the file is not for the ORM's readers; reading was checked
        return request.make_response(report_csv(found), [
            ("Content-Type", "text/csv; charset=utf-8"),
            ("Content-Disposition", content_disposition(f"{submission.number}-校验报告.csv")),
            ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")])

    @http.route("/ctsp/outside/submission/<int:submission_id>/marked", type="http", auth="user", methods=["GET"],
                readonly=True)
    def marked(self, submission_id):
        """Send a table as it came from the desk, with what was found beside each row, to who sent it."""
        submission = request.env["ctsp.dataset.submission"].browse(submission_id).exists()
        files = request.env["ctsp.dataset.file"]
        if not submission or not submission.has_access("read") or not files.has_access("read"):
            raise request.not_found()
        try:
            file = submission._marked_file()
        except UserError:
            raise request.not_found() from None
        whole = submission.sudo()  # as above, and the definition
        book = marked.write(file._content(), whole.kind, whole.version_id._definition(), whole._report())
        return request.make_response(book, [
            ("Content-Type", XLSX),
            ("Content-Disposition", content_disposition(f"{submission.number}-校验结果.xlsx")),
            ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")])

    @http.route("/ctsp/dataset/submission/<int:submission_id>/accepted", type="http", auth="user", methods=["GET"],
                readonly=False)
    def accepted(self, submission_id):
        """Send the rows of a submission that were accepted as csv; that they were taken is logged."""
        submission = request.env["ctsp.dataset.submission"].browse(submission_id).exists()
        if not submission or not submission.has_access("read"):
            raise request.not_found()
        definition = submission._check_accepted()
        request.env["ctsp.audit.port"]._log("export", submission, rows=submission.accepted)
        rows = submission.sudo()._accepted_rows()  # sudo: the file is not for the ORM's readers; reading was checked
        return request.make_response(rows_table.table(definition, rows), [
            ("Content-Type", "text/csv; charset=utf-8"),
            ("Content-Disposition", content_disposition(f"{submission.number}-接收数据.csv")),
            ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")])


def report_csv(found):
    """Yield findings as csv that spreadsheets read as text: what begins like a formula is quoted."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(REPORT.values())
    yield "\ufeff".encode()
    for item in found:
        texts = [str(item.get(name, "")) for name in REPORT]
        writer.writerow([f"'{text}" if text[:1] in FORMULA_STARTS else text for text in texts])
        if stream.tell() > rows_table.PIECE:
            yield stream.getvalue().encode()
            stream.seek(0)
            stream.truncate()
    yield stream.getvalue().encode()

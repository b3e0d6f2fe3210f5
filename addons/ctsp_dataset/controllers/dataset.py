import json

from odoo import http
from odoo.http import content_disposition, request

from ..tools import json_schema, paper, sample, workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
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

from odoo import http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request

HEADERS = [("Content-Type", "application/pdf"), ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]

ROLLS = {"80": "roll80", "58": "roll58"}


class PaperController(http.Controller):
    """The PDF of a paper, for those who may read it."""

    @http.route("/ctsp/document/<int:document_id>", type="http", auth="user", methods=["GET"], readonly=True)
    def paper(self, document_id, download=None, roll=None, **_kw):
        """Send the paper as it is to be seen now: final, or with the mark of a draft or void one."""
        document = request.env["ctsp.document"].browse(document_id).exists()
        if not document or not document.has_access("read"):
            raise request.not_found()
        return self._send(document, bool(download), ROLLS.get(roll))

    @http.route("/ctsp/outside/document/<int:document_id>", type="http", auth="user", methods=["GET"], readonly=True)
    def released(self, document_id, download=None, **_kw):
        """Send a released paper to the institution it concerns: the stored file, whatever became of it."""
        document = request.env["ctsp.document"].browse(document_id).exists()
        if not document or not document.has_access("read") or not document.released_at:
            raise request.not_found()
        return self._send(document.sudo(), bool(download))  # superuser: access was checked on the line before

    def _send(self, document, download, roll=None):
        try:
            content = document._roll(roll) if roll else document._paper()
        except UserError as error:
            return request.make_response(str(error), [("Content-Type", "text/plain; charset=utf-8")], status=422)
        name = content_disposition(document.file_name, "attachment" if download else "inline")
        return request.make_response(content, [*HEADERS, ("Content-Disposition", name)])

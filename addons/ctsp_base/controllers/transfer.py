from odoo import http
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Transfer(http.Controller):
    """Files that leave the house."""

    @http.route("/ctsp/export/<int:job_id>", type="http", auth="user", methods=["GET"], readonly=True)
    def export_file(self, job_id):
        """Send an exported file to the one who made it, and to nobody else."""
        job = request.env["ctsp.export.job"].sudo().browse(job_id).exists()  # the owner is checked right here
        if not job or job.user_id != request.env.user or not job.attachment_id:
            raise request.not_found()
        stream = request.env["ir.binary"]._get_stream_from(job.attachment_id)
        response = stream.get_response(as_attachment=True)
        response.headers["Cache-Control"] = "no-store"
        return response

    @http.route("/ctsp/import/template/<string:res_model>", type="http", auth="user", methods=["GET"], readonly=True)
    def import_template(self, res_model):
        """Send the template of a model the user may import."""
        jobs = request.env["ctsp.import.job"]
        if not jobs.has_access("create") or res_model not in dict(jobs._selection_models()):
            raise request.not_found()
        return self._workbook(*jobs._template_file(res_model))

    @http.route("/ctsp/import/<int:job_id>/errors", type="http", auth="user", methods=["GET"], readonly=True)
    def import_errors(self, job_id):
        """Send the bad rows of an own import."""
        job = request.env["ctsp.import.job"].browse(job_id).exists()
        if not job or not job.has_access("read") or job.user_id != request.env.user or not job.file:
            raise request.not_found()
        return self._workbook(*job._error_file())

    def _workbook(self, name, content):
        return request.make_response(content, [
            ("Content-Type", XLSX), ("Content-Disposition", content_disposition(name)), ("Cache-Control", "no-store")])

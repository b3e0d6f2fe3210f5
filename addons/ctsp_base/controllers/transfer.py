from odoo import http
from odoo.http import request


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

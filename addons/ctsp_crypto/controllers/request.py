from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request


class CertificateRequest(http.Controller):
    """A request for a certificate of a system key, for the authority that is to issue it."""

    @http.route("/ctsp/crypto/request/<int:certificate_id>", type="http", auth="user", readonly=True)
    def request_file(self, certificate_id):
        certificate = request.env["ctsp.crypto.certificate"].browse(certificate_id)
        try:
            certificate.check_access("read")
            content = certificate._request(certificate.purpose)
        except (AccessError, MissingError):
            return request.not_found()
        return request.make_response(content, [
            ("Content-Type", "application/pkcs10"),
            ("Content-Disposition", http.content_disposition(f"{certificate.purpose}.csr"))])

import base64

from odoo import fields, models

from ..models.crypto_certificate import CERTIFIED


class CryptoCertificateTake(models.TransientModel):
    """Takes the certificate that an authority issued for a system key."""

    _name = "ctsp.crypto.certificate.take"
    _description = "Take an Issued Certificate"

    purpose_id = fields.Many2one(
        "ctsp.crypto.purpose", required=True, domain=[("code", "in", CERTIFIED)],
        default=lambda self: self.env["ctsp.crypto.purpose"].search([("code", "in", CERTIFIED)], limit=1))
    data = fields.Binary("Certificate (PEM or DER)", required=True, attachment=False)
    file_name = fields.Char()

    def action_take(self):
        self.ensure_one()
        self.env["ctsp.crypto.certificate"].check_access("read")
        self.env["ctsp.crypto.certificate"]._take(
            self.purpose_id.code, base64.b64decode(self.with_context(bin_size=False).data))
        return self.env["ir.actions.act_window"]._for_xml_id("ctsp_crypto.ctsp_crypto_certificate_action")

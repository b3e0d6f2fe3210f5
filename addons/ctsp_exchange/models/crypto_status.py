from odoo import api, models

from odoo.addons.ctsp_crypto.tools.uses import Use


class CryptoStatus(models.TransientModel):
    """What exchange uses cryptography for."""

    _inherit = "ctsp.crypto.status"

    @api.model
    def _uses(self):
        signed = self.env._("signatures of exchanged messages")
        place = ("ctsp_exchange/models/exchange_admission.py",)
        return [*super()._uses(), Use("macer", signed, place), Use("verifier", signed, place)]

from odoo import api, models

from odoo.addons.ctsp_crypto.tools.uses import Use

ENVELOPE = ("ctsp_auth/tools/envelope.py",)


class CryptoStatus(models.TransientModel):
    """What identities use cryptography for."""

    _inherit = "ctsp.crypto.status"

    @api.model
    def _uses(self):
        envelopes = self.env._("envelopes for connected systems")
        return [
            *super()._uses(),
            Use("verifier", self.env._("sign-in by certificate and through a gateway, signatures of steps"),
                tuple(f"ctsp_auth/models/{name}.py" for name in (
                    "auth_certificate_proof", "auth_gateway", "auth_signing"))),
            *(Use(port, envelopes, ENVELOPE) for port in ("public_key_cipher", "cipher", "random_source")),
        ]

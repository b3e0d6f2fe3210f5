from odoo import api, models

from odoo.addons.ctsp_crypto.tools.failure import CryptoFailure

from ctsp_crypto.encodings import keys as key_forms
from ctsp_crypto.errors import ProviderUnavailable

from ..tools.reply import Refused


class ExchangeProof(models.Model):
    """Keys verify once more what was signed with them."""

    _inherit = "ctsp.exchange.credential"

    def _verifying_key(self):
        """Return the public key that signatures of this key are verified with now; None for HMAC."""
        return self.public_key if self.method == "sm2" else None

    @api.model
    def _holds_again(self, kept, message):
        """Say whether the signature of a request that was kept (``tools.proof``) holds over ``message`` (bytes).

        SM2: by the public key of that day. None: its key is gone or out of reach.
        """
        try:
            if kept["publicKey"]:
                return self._sm2_holds(key_forms.read_public(kept["publicKey"].strip()), message, kept["sign"])
            own = self.search([("key", "=", kept["key"]), ("use", "=", "in"), ("method", "=", "hmac")], limit=1)
            return own._is_signed(message, kept["sign"]) if own else None
        except (ProviderUnavailable, CryptoFailure, Refused):
            return None

from odoo import api, models

from ..tools.failure import CryptoRefused, CryptoUnavailable
from .audit_macer import WITHOUT_KEY

TELLING = object()
"""Put into the context while a lie of the provider is written down: nobody can send it from outside."""


class AuditPort(models.AbstractModel):
    """What cryptography writes into the log."""

    _inherit = "ctsp.audit.port"

    @api.model
    def _log_failure(self, event, records=None, **detail):
        """A failure is written down even while the provider cannot be reached: without a key, and labelled so."""
        try:
            return super()._log_failure(event, records, **detail)
        except (CryptoUnavailable, CryptoRefused):
            unkeyed = self.with_context(ctsp_audit_key=WITHOUT_KEY)
            return super(AuditPort, unkeyed)._log_failure(event, records, **detail)

    @api.model
    def _log_provider(self, error):
        """Write down that a provider refused or lied; not from within the writing of that very row."""
        if self.env.context.get("ctsp_crypto_telling") is not TELLING:
            self.with_context(ctsp_crypto_telling=TELLING)._log_failure("crypto.provider", reason=str(error))

    @api.model
    def _event_labels(self):
        return super()._event_labels() | {
            "crypto.key": self.env._("Key changed"),
            "crypto.provider": self.env._("Wrong answer of the cryptographic service"),
            "crypto.altered": self.env._("Altered ciphertext found"),
            "integrity.begun": self.env._("Integrity protection begun"),
            "integrity.accepted": self.env._("Changes of an update taken over"),
            "integrity.bundles": self.env._("Scripts and styles of pages made anew"),
            "integrity.verified": self.env._("Important data verified"),
            "integrity.handled": self.env._("Findings about important data handled"),
            "integrity.former": self.env._("Altered record found as it was changed"),
            "integrity.code": self.env._("Altered code refused"),
            "integrity.rights": self.env._("Altered rights found at sign-in"),
            "integrity.user": self.env._("Altered access control found at sign-in"),
        }

    @api.model
    def _detail_labels(self):
        return super()._detail_labels() | {
            "altered": self.env._("rights altered outside the platform"),
            "by": self.env._("Confirmed By"), "version": self.env._("Version"), "reason": self.env._("Reason"),
            "rotated": self.env._("renewed"), "done anew": self.env._("data brought under the new version"),
            "outcome": self.env._("How"), "restored": self.env._("put right"), "known": self.env._("acknowledged"),
            "destroyed": self.env._("destroyed"), "exported": self.env._("exported"),
        }

from odoo import api, models

from ..tools.batch import parsed
from ..tools.evidence import SIZE
from ..tools.failure import CryptoUnavailable

MAC, SEAL = "audit.mac", "audit.seal"
VALUES = "ctsp.audit.log.value"
WITHOUT_KEY = object()
"""Put into the context while a failure is written down without a provider: nobody can send it from outside."""


class AuditMacer(models.AbstractModel):
    """The log's codes become HMAC-SM3 and its seals are signed with SM2, with keys that lie below the root key."""

    _inherit = "ctsp.audit.macer"

    @api.model
    def _ours(self, key_ref):
        """Return the version of the key behind ``key_ref``; None where it is not one of ours."""
        known = parsed(key_ref)
        return known[1] if known and known[0] in (MAC, SEAL) else None

    @api.model
    def _is_there(self):
        """Say whether there is a key: there is none while this very addon is being installed."""
        if self.env.context.get("ctsp_audit_key") is WITHOUT_KEY:
            return False
        return self.pool.ready or bool(self.env["ctsp.crypto.purpose"]._facts(MAC))

    @api.model
    def _key_ref(self):
        return self._macs([])[1]

    @api.model
    def _macs(self, messages, key_ref=None):
        version = self._ours(key_ref)
        if (key_ref is None and not self._is_there()) or (key_ref is not None and version is None):
            return super()._macs(messages, key_ref)
        made = self.env["ctsp.crypto"]._mac(MAC, messages, "ctsp.audit.log", version)
        return [value.hex() for value in made.values], made.key_ref

    @api.model
    def _value_digests(self, messages):
        if not self._is_there():
            return super()._value_digests(messages)
        made = self.env["ctsp.crypto"]._mac(MAC, messages, VALUES)
        return [value.hex()[:SIZE] for value in made.values]

    @api.model
    def _sign(self, message):
        if not self._is_there():
            return super()._sign(message)
        try:
            made = self.env["ctsp.crypto"]._sign(SEAL, [message])
        except CryptoUnavailable:
            if not self.env["ctsp.crypto.purpose"]._facts(SEAL)[2]:
                raise
            return None  # the code holds the seal meanwhile; the next seal signs over its digest
        return made.values[0].hex(), made.key_ref

    @api.model
    def _verify(self, message, signature, key_ref):
        version = self._ours(key_ref)
        if version is None:
            return super()._verify(message, signature, key_ref)
        return self.env["ctsp.crypto"]._verify_signature(SEAL, [(message, bytes.fromhex(signature), version)])[0]

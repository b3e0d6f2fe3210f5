import secrets
import time

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.ctsp_crypto.tools import machine
from odoo.addons.ctsp_crypto.tools.failure import told

from ctsp_crypto.encodings.keys import PublicForm, write_public

from ..tools import envelope

SIGNING, OPENING = "auth.envelope_sign", "auth.envelope_open"


class Envelope(models.AbstractModel):
    """Envelopes for connectors: what one sends to another system is encrypted for it and signed by the platform.

    The other system gets the public keys of ``auth.envelope_sign`` and ``auth.envelope_open`` (:meth:`_public_keys`).
    """

    _name = "ctsp.envelope"
    _description = "Envelopes between Systems"

    @api.model
    def _seal(self, content, sender, recipient, recipient_key, kind):
        """Return the envelope (bytes) around ``content`` (bytes).

        :param sender, recipient: names that both sides agreed on
        :param recipient_key: ``ctsp_crypto.material.PublicKey``
        """
        head = {
            "from": sender, "to": recipient, "kind": kind, "time": int(time.time()), "nonce": secrets.token_urlsafe(16)}
        with told(self.env):
            return envelope.seal(content, head, recipient_key, machine.providers(), self._signed)

    @api.model
    def _open(self, text, me, sender_of, seconds=300):
        """Open an envelope that was sent to ``me``, once; return ``tools.envelope.Opened``.

        :param sender_of: name → public key, or None
        :raise UserError: it is not for us, old, forged, damaged, or was opened before
        """
        own, _public, _version = self.env["ctsp.crypto"]._signing_pair(OPENING)
        with told(self.env):
            try:
                opened = envelope.open_(
                    text, me, own, sender_of, machine.providers(), int(time.time()), seconds)
            except envelope.EnvelopeRefused as refusal:
                self.env["ctsp.audit.port"]._log_failure("envelope", reason=f"envelope_{refusal.code}")
                raise UserError(self.env._("The message was refused: %(reason)s", reason=refusal.code)) from None
        self.env["ctsp.auth.nonce"]._use(f"envelope:{opened.sender}:{opened.nonce}", seconds + envelope.SKEW)
        return opened

    @api.model
    def _signed(self, message):
        return self.env["ctsp.crypto"]._sign(SIGNING, [message]).values[0]

    @api.model
    def _public_keys(self):
        """Return ``{"sign": PEM, "open": PEM}`` for the other system."""
        def pem(purpose):
            return write_public(self.env["ctsp.crypto"]._signing_pair(purpose)[1], PublicForm.PEM).decode()

        return {"sign": pem(SIGNING), "open": pem(OPENING)}

from odoo import api, models

from odoo.addons.ctsp_base.tools.digest import sm3

UNKEYED = "sm3"


class AuditMacer(models.AbstractModel):
    """Port for the message authentication codes of log rows and seals.

    This one is honest about what it is: an SM3 digest without a key finds accidents and clumsy hands, not somebody who
    computes it anew. ``ctsp_crypto`` supplies HMAC-SM3 and a signature with a key outside the database.
    """

    _name = "ctsp.audit.macer"
    _description = "Audit MAC"

    @api.model
    def _key_ref(self):
        """Return the reference of the key that new rows, seals and archive rows are protected with."""
        return UNKEYED

    @api.model
    def _is_keyed(self, key_ref):
        """Say whether codes under ``key_ref`` can be computed by the holder of a secret alone."""
        return key_ref != UNKEYED

    @api.model
    def _macs(self, messages, key_ref=None):
        """Return ``(list of hexadecimal codes, key_ref)`` for a list of bytes.

        :param key_ref: the key to use; the present one (:meth:`_key_ref`) when None. ``(None, key_ref)`` when it is not
            known here
        :raise UserError: the provider does not answer
        """
        if key_ref not in (None, UNKEYED):
            return None, key_ref
        return [sm3(message) for message in messages], UNKEYED

    @api.model
    def _value_digests(self, messages):
        """Return short keyed digests by which values that are not shown can be compared; None without a key: one
        without a key would let anybody try guesses."""

    @api.model
    def _sign(self, message):
        """Return ``(signature, key_ref)`` over a seal or an archive row, None where nobody signs."""

    @api.model
    def _verify(self, message, signature, key_ref):
        """Say whether ``signature`` fits; None when nobody here can tell."""

from odoo import api, models


class Signer(models.AbstractModel):
    """Port through which records are signed. This one says honestly that it does not; ``ctsp_crypto`` supplies one
    that does.
    """

    _name = "ctsp.signer"
    _description = "Signer"

    @api.model
    def _sign(self, canonical):
        """Sign bytes.

        :return: ``(signature, key_ref)`` as text, or None when there is no signer
        """

    @api.model
    def _verify(self, canonical, signature, key_ref):
        """Say whether ``signature`` fits; None when nobody here can tell."""

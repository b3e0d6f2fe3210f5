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
    def _sign_pdf(self, data, reason):
        """Return the bytes of a final paper, signed where there is a signer.

        :param reason: what the paper is, shown with the signature
        """
        return data

    @api.model
    def _open_signatures(self, name, data):
        """Return an action that shows what was signed by whom in a PDF; None when nobody here can tell."""

    @api.model
    def _verify(self, canonical, signature, key_ref):
        """Say whether ``signature`` fits; None when nobody here can tell."""

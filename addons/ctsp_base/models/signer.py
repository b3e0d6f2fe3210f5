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
    def _who_signs(self, record):
        """Return who signs the step under way on ``record`` with a certificate of his own; None where nobody does.

        :return: dict with ``name``, ``subject``, ``serial``, ``issuer`` (of the certificate) and ``time`` (UTC)
        """

    @api.model
    def _sign_pdf(self, data, reason, record=None):
        """Return the bytes of a final paper, signed where there is a signer.

        :param reason: what the paper is, shown with the signature
        :param record: the paper; what a person signs of it (:meth:`_who_signs`) travels in the file
        """
        return data

    @api.model
    def _open_signatures(self, name, data):
        """Return an action that shows what was signed by whom in a PDF; None when nobody here can tell."""

    @api.model
    def _verify(self, canonical, signature, key_ref):
        """Say whether ``signature`` fits; None when nobody here can tell."""

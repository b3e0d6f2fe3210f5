import base64

from odoo import api, fields, models

from ctsp_crypto.certificates import Certificate
from ctsp_crypto.errors import EncodingError

from ..tools import signing

ANSWER = "ctsp_signature"


class AuthSigningPerson(models.AbstractModel):
    """Whose certificate signs a step: one in use, and what to say of one that no longer is."""

    _inherit = "ctsp.auth.signing"

    @api.model
    def _certificates(self):
        """Return the certificates of the user that are in use."""
        rows = self.env["ctsp.auth.certificate"].sudo()  # sudo: his own
        return rows.search([("user_id", "=", self.env.uid), ("state", "=", "active")])

    @api.model
    def _ended(self):
        """Return the certificate of the user that ended last, where none is in use: he is told, not passed over."""
        rows = self.env["ctsp.auth.certificate"].sudo()  # sudo: his own
        return rows.browse() if self._certificates() else rows.search(
            [("user_id", "=", self.env.uid), ("state", "in", ("suspended", "revoked"))],
            order="date_ended DESC, id DESC", limit=1)

    @api.model
    def _intent(self, records):
        """Return who is about to sign, when, with what: as his answer says, else with the certificate he used last."""
        answer = self.env.context.get(ANSWER)
        answer = answer if isinstance(answer, dict) else {}
        moment = next((signing.moment_of(str(text)) for text in answer.get("texts") or ()), None)
        if answer.get("declined"):
            row = self.env["ctsp.auth.certificate"].sudo().browse()  # sudo: none
        elif answer:
            row = self._given(answer).sudo()  # sudo: his own
        else:
            row = self._certificates().sorted(lambda one: (one.date_used or one.create_date, one.id))[-1:]
        at = signing.now()
        return signing.Intent(
            records._name, records._ids, row, moment if signing.is_fresh(moment, at) else at, answer)

    @api.model
    def _set_for(self, records):
        """Return the certificate (base64 of DER) that the step was tried with; empty for none of his."""
        row = self._intent(records).row
        return base64.b64encode(row._read_certificate(row.with_context(bin_size=False).content).der).decode() \
            if row else ""

    @api.model
    def _given(self, answer):
        """Return the user's certificate in use that an answer came with; empty where it is none of his."""
        try:
            certificate = Certificate(base64.b64decode(str(answer.get("certificate") or ""), validate=True))
        except (EncodingError, ValueError):
            return self.env["ctsp.auth.certificate"]
        rows = self.env["ctsp.auth.certificate"]._bound(certificate)
        return rows.filtered(lambda row: row.user_id == self.env.user)

    @api.model
    def _ended_of(self, certificate):
        """Return the user's own row of a certificate that he may not use any more."""
        rows = self.env["ctsp.auth.certificate"].sudo()  # sudo: his own
        return rows.search([
            ("user_id", "=", self.env.uid), ("fingerprint", "=", certificate.fingerprint()),
            ("state", "in", ("suspended", "revoked"))], order="id DESC", limit=1)

    @api.model
    def _ended_text(self, row):
        when = fields.Datetime.context_timestamp(self, row.date_ended).strftime("%Y-%m-%d %H:%M") if row.date_ended \
            else "—"
        return self.env._(
            "Your certificate %(serial)s was revoked or suspended (%(when)s) and signs nothing any more. Please ask "
            "the security administrator, or bind a new one under “Account Security”.", serial=row.serial, when=when)

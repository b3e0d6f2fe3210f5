import base64
from datetime import UTC, datetime

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.ctsp_crypto.tools import machine
from odoo.addons.ctsp_crypto.tools.failure import CryptoFailure, CryptoUnavailable

from ctsp_crypto.certificates import Certificate
from ctsp_crypto.encodings import signatures
from ctsp_crypto.errors import CryptoError, EncodingError, ProviderRefused, ProviderUnavailable, VerificationFailed

from ..tools.refusal import SignInRefused

LARGEST = 16 * 1024


class AuthCertificateProof(models.Model):
    """Who answers a challenge of ours with which certificate. Every refusal says why in the log, and little outside."""

    _inherit = "ctsp.auth.certificate"

    @api.model
    def _proven(self, answer, purpose, host, session):
        """Return the certificate whose holder answered our challenge: believed here, not revoked, for signing in, his.

        :param answer: ``message``, ``proof`` of the challenge, ``certificate`` and ``signature`` (base64)
        :raise SignInRefused: with the reason for the log
        """
        try:
            certificate = Certificate(_bytes(answer, "certificate"))
            signature = signatures.read(_bytes(answer, "signature"))
        except (EncodingError, ValueError):
            raise self._refused("unreadable") from None
        known = {"certificate": certificate.serial_text, "subject": certificate.subject_text[:120]}
        self.env["ctsp.auth.nonce"]._answered(answer, purpose, host, session)
        try:
            machine.providers().verify(certificate.key.sm2, answer["message"].encode(), signature)
            problems = self.env["ctsp.auth.authority"]._check(certificate)
        except (ProviderRefused, ProviderUnavailable):
            raise self._refused("provider", False, **known) from None
        except (VerificationFailed, EncodingError):
            raise self._refused("signature", **known) from None
        except CryptoError:
            raise self._refused("certificate", **known) from None
        if problems:
            raise self._refused(",".join(sorted({problem.code for problem in problems})), **known)
        return certificate

    def _confirm(self, certificate, method, **known):
        """Have a certificate that is good here, and bound, confirmed by the service for certificates, where one is
        configured.

        :raise SignInRefused: the service refuses it, cannot be asked or does not tell the truth; only the first counts
        """
        known = {"method": method, **known, "certificate": certificate.serial_text}
        try:
            accepted = self.env["ctsp.crypto"]._accepts_certificate(certificate.der, datetime.now(UTC))
        except CryptoFailure:
            raise SignInRefused(
                self.env._("Sign-in is not available at the moment. Please try again."), False, **known,
                reason="provider") from None
        if not accepted:
            raise self._refused("service", **known)

    def _check_good(self):
        """Refuse to bind what could not sign in either: looked at here, then by the service for certificates."""
        certificate = self.sudo()._certificate()  # sudo: the certificate itself, for whoever binds it
        problems = [problem.text() for problem in self.env["ctsp.auth.authority"]._check(certificate)]
        if not problems and not self._is_accepted(certificate):
            problems = [self.env._("the service for certificates does not accept it")]
        if problems:
            raise UserError(self.env._(
                "The certificate cannot be used for signing in: %(reasons)s", reasons="；".join(problems)))

    @api.model
    def _is_accepted(self, certificate):
        try:
            return self.env["ctsp.crypto"]._accepts_certificate(certificate.der, datetime.now(UTC))
        except CryptoUnavailable:
            raise UserError(self.env._(
                "The service for certificates cannot be reached, so the certificate is not taken into use. Please try "
                "again in a moment.")) from None

    @api.model
    def _bound(self, certificate):
        """Return the row of a certificate that is in use, an empty set where it is bound to nobody."""
        rows = self.sudo().search([  # sudo: nobody is signed in yet
            ("serial", "=", certificate.serial_text), ("issuer", "=", certificate.issuer_text),
            ("fingerprint", "=", certificate.fingerprint()), ("state", "=", "active")])
        held = rows._holds().sudo()
        return held.filtered(lambda row: row._certificate().fingerprint() == certificate.fingerprint())

    def _certificate(self):
        """Return the certificate of this row as it is stored: what is shown beside it are copies."""
        return self._read_certificate(self.with_context(bin_size=False).content)

    @api.model
    def _login_of(self, answer):
        """Return the login of the account that a certificate claims to be of, unproven; "" where there is none."""
        try:
            return self._bound(Certificate(_bytes(answer, "certificate"))).user_id.filtered("active").login or ""
        except (EncodingError, ValueError):
            return ""

    @api.model
    def _label_of(self, answer):
        """Return what failures of a certificate that is bound to nobody are counted under."""
        try:
            return f"certificate {Certificate(_bytes(answer, 'certificate')).serial_text}"
        except (EncodingError, ValueError):
            return "certificate"

    @api.model
    def _refused(self, reason, counted=True, method="certificate", **detail):
        return SignInRefused(
            self.env._(
                "Sign-in by certificate did not succeed. Check that the key is plugged in and the certificate is valid "
                "and bound to your account."), counted, method=method, reason=reason, **detail)

    def _note_use(self):
        self.env.cr.execute(SQL("UPDATE ctsp_auth_certificate SET date_used = %s WHERE id IN %s",
                                fields.Datetime.now(), self._ids))


def _bytes(answer, name):
    text = str(answer.get(name) or "")
    if len(text) > LARGEST:
        raise EncodingError("too large")
    return base64.b64decode(text, validate=True)

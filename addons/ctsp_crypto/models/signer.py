import base64
from datetime import UTC, datetime

from odoo import api, models
from odoo.exceptions import UserError

from ctsp_crypto.certificates import TrustStore, read_many
from ctsp_crypto.errors import EncodingError, PolicyError
from ctsp_crypto.signatures import Identity
from ctsp_crypto.signatures.pdf import Statement, sign_pdf
from ctsp_crypto.signatures.pdf_verification import verify_pdf

from ..tools import machine
from ..tools.failure import CryptoFailure, CryptoUnavailable, told
from .crypto_certificate import PAPERS
from .crypto_stamp import TIME_STAMPER


class Signer(models.AbstractModel):
    """Signs final papers: a CMS message with the identifiers of GM/T 0010 inside the PDF, SM2 and SM3."""

    _inherit = "ctsp.signer"

    @api.model
    def _sign_pdf(self, data, reason, record=None):
        """Return the PDF with the system's seal; what was there stays as it is, byte by byte.

        Where a time stamp service is configured the seal carries its time stamp; what it owes because it cannot be
        reached is obtained later (``ctsp.crypto.stamp``).

        :raise CryptoFailure: the paper is not signed, and so not final
        """
        stamps = None if self._is_tried(record) else self.env["ctsp.crypto.stamp"]._asking()
        certificate = self.env["ctsp.crypto.certificate"]._current(PAPERS)
        key, _public, _version = self.env["ctsp.crypto"]._signing_pair(PAPERS, certificate.key_version)
        with told(self.env):
            identity = Identity(
                key, read_many(certificate.certificate.encode())[0],
                read_many(certificate.chain.encode()) if certificate.chain else ())
            statement = Statement(
                reason=f"{reason}（系统签章）", attached=self._attached(data, record),
                promised=machine.providers().serving(TIME_STAMPER) if stamps else "")
            signed = sign_pdf(data, identity, machine.providers(), datetime.now(UTC), statement, stamper=stamps)
        if stamps and stamps.owed:
            self.env["ctsp.crypto.stamp"]._owe(stamps.owed, reason)
        return signed

    @api.model
    def _is_tried(self, record):
        """Say whether the paper is made only to be shown to whoever signs it, and undone: it needs no time stamp. A
        port.
        """
        return False

    @api.model
    def _attached(self, data, record):
        """Return what travels in the file beside the system's seal: what a person signed of it. A port."""
        return b""

    @api.model
    def _verify_pdf(self, data):
        """Return what each signature in a PDF says, oldest first; an empty list without one, None for what is no PDF.

        :return: dicts with ``kind``, ``signer``, ``issuer``, ``serial``, ``reason``, ``date`` (UTC), ``whole``,
            ``good``, ``problem`` (in Chinese) and ``development``; ``stamp``: who attests the time, ``unproved``: what
            nobody here can check now; of a person's also what is known of the certificate ``then`` and ``now``
        :raise UserError: it is protected by a password
        """
        try:
            report = verify_pdf(data, machine.providers(), self._trust(), stamper=self._stamper())
        except EncodingError:
            return None
        except PolicyError:
            raise UserError(self.env._(
                "PDF: it is protected by a password. Save it without one, then verify it again.")) from None
        return [row for one in report.signatures for row in self._rows(data, one)]

    @api.model
    def _rows(self, data, one):
        """Return what one signature of a PDF says, and before it what travels in it."""
        return [self._said(one)]

    @api.model
    def _trust(self, more=()):
        """Return the roots: the last certificate above each of ours, archived ones too; rows put in past the platform
        are not believed.

        :param more: certificates of authorities that are believed besides
        """
        # superuser: whoever verifies need not read certificates
        rows = self.env["ctsp.crypto.certificate"].sudo().with_context(active_test=False).search([])
        own = self.env["ctsp.integrity"]._agreeing(rows)
        above = [*more, *(one for row in own.filtered("chain") for one in read_many(row.chain.encode()))]
        roots = [one for one in above if one.subject_text == one.issuer_text]
        between = [one for one in above if one.subject_text != one.issuer_text]
        return TrustStore(roots, between, self._revocation_lists(), provider=machine.providers())

    @api.model
    def _revocation_lists(self):
        """Return the revocation lists at hand of authorities that issue certificates of the system. A port."""
        return []

    @api.model
    def _said(self, one):
        signer = one.message.signers[0] if one.message and one.message.signers else None
        certificate = signer.certificate if signer else None
        serial = certificate.serial_text if certificate else ""
        own = self.env["ctsp.crypto.certificate"].sudo().with_context(active_test=False)  # superuser: see _trust
        known = own.search([("serial", "=", serial)], limit=1)
        moment = one.stated_at.astimezone(UTC).replace(tzinfo=None) if one.stated_at else False
        time = self._said_of_time(one, signer)
        problem, unproved = "", ""
        if one.good and known.kind != "development":  # no service knows one that the platform made for itself
            problem, unproved = self._said_by_service(certificate, signer.stamped_at or one.stated_at)
        problems = [*one.texts(), *filter(None, (time.problem, problem))]
        return {
            "kind": "seal",
            "signer": certificate.subject_text if certificate else one.name,
            "issuer": certificate.issuer_text if certificate else "", "serial": serial, "reason": one.reason,
            "date": moment, "whole": one.whole, "good": not problems and one.good, "problem": "；".join(problems),
            "development": known.kind == "development", "stamp": time.text,
            "unproved": "；".join(filter(None, (time.unproved, unproved)))}

    @api.model
    def _said_by_service(self, certificate, at):
        """Return ``(what is wrong, what cannot be checked now)`` with a certificate at ``at``, as the service that is
        configured for certificates says.
        """
        try:
            accepted = not at or self.env["ctsp.crypto"]._accepts_certificate(certificate.der, at)
        except CryptoUnavailable:
            return "", self.env._("The certificate: the service could not be reached")
        except CryptoFailure:
            return "", self.env._("The certificate: the service gave an answer that does not hold")
        return "" if accepted else self.env._("The service for certificates does not accept the certificate"), ""

    @api.model
    def _open_signatures(self, name, data):
        """Return the action that shows what was signed by whom in a PDF."""
        check = self.env["ctsp.crypto.pdf"].create({"file_name": name, "data": base64.b64encode(data)})
        check._verify()
        return check._open()

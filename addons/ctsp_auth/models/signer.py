from datetime import datetime

from odoo import api, fields, models

from odoo.addons.ctsp_base.tools.digest import sm3

from ctsp_crypto.certificates import Certificate
from ctsp_crypto.encodings import signatures
from ctsp_crypto.errors import CryptoError

from ..tools import paper, signing
from .auth_signing import INTENT


class Signer(models.AbstractModel):
    """Papers that a person signs with a certificate of his own.

    He signs the text of the step (``tools/signing.py``), in which the SM3 digest of the paper stands as it was set and
    printed, before the seal. Text, signature and certificate travel in the file, under the system's seal: whoever holds
    the file sees who signed it, with what and when. Electronic Signature Law of the PRC, article 13.
    """

    _inherit = "ctsp.signer"

    @api.model
    def _intent_for(self, record):
        intent = self.env.context.get(INTENT)
        return intent if isinstance(intent, signing.Intent) and intent.row and intent.of(record) is not None else None

    @api.model
    def _who_signs(self, record):
        if not (intent := self._intent_for(record)):
            return super()._who_signs(record)
        row = intent.row
        return {
            "name": self.env.user.name, "subject": row.subject, "serial": row.serial, "issuer": row.issuer,
            "time": datetime.fromisoformat(intent.moment).replace(tzinfo=None)}

    @api.model
    def _attached(self, data, record):
        intent = self._intent_for(record)
        if not intent or not intent.answer:
            return super()._attached(data, record)
        return paper.write(intent.answer, intent.of(record), len(data))

    @api.model
    def _is_tried(self, record):
        intent = self.env.context.get(INTENT)
        tried = isinstance(intent, signing.Intent) and not intent.answer and intent.of(record) is not None
        return tried or super()._is_tried(record)

    @api.model
    def _revocation_lists(self):
        return [*super()._revocation_lists(), *self.env["ctsp.auth.authority"]._trust()[0].lists]

    # ---- reading a paper again

    @api.model
    def _rows(self, data, one):
        rows = super()._rows(data, one)
        return [self._of_person(data, one, rows[0]), *rows] if one.attached else rows

    @api.model
    def _of_person(self, data, one, seal):
        """Return what a person's signature in a paper says; it stands and falls with the seal around it."""
        row = {"kind": "person", "whole": seal["whole"], "good": False, "development": False, "signer": seal["signer"],
               "stamp": seal["stamp"], "unproved": seal["unproved"],
               "problem": self.env._("The signature cannot be read.")}
        try:
            given = paper.read(one.attached)
            certificate = Certificate(given.certificate)
            signature = signatures.read(given.signature)
        except (CryptoError, ValueError):
            return row
        kept = self.env["ctsp.auth.signature"]._kept(given.text, certificate, signature)
        moment = datetime.fromisoformat(given.said["time"]).replace(tzinfo=None)
        problems, unproved = self._problems(data, one, given, kept), ""
        if not problems:
            problem, unproved = self._said_by_service(certificate, datetime.fromisoformat(given.said["time"]))
            problems = [problem] if problem else []
        facts = kept.certificate_id._then_and_now(moment) if kept else {}
        return {
            **row, "signer": certificate.subject_text, "issuer": certificate.issuer_text,
            "serial": certificate.serial_text, "date": moment, "reason": given.said.get("name") or "",
            "good": not problems, "problem": "；".join(problems), **facts,
            "unproved": "；".join(filter(None, (seal["unproved"], unproved)))}

    @api.model
    def _problems(self, data, one, given, kept):
        found = []
        if sm3(data[:given.length]) != given.said["values"].get("paper_digest") or given.length >= one.covers:
            found.append(self.env._("The paper is not the one that was signed."))
        if not one.good:
            found.append(self.env._("The seal around it does not hold."))
        if not kept:
            found.append(self.env._("The platform knows of no such signature."))
        elif not kept.is_valid:
            found.append(self.env._("The signature does not hold."))
        return found


class AuthSignature(models.Model):
    """Signatures as they are found in papers."""

    _inherit = "ctsp.auth.signature"

    @api.model
    def _kept(self, text, certificate, signature):
        """Return the platform's row of a signature that somebody brings; empty where there is none."""
        rows = self.sudo().search([("signature", "=", signature.hex())])  # sudo: whoever holds the paper asks
        return rows.filtered(
            lambda row: row.text == text and row.certificate_id.fingerprint == certificate.fingerprint())[:1]


class AuthCertificate(models.Model):
    """What became of a certificate since it signed."""

    _inherit = "ctsp.auth.certificate"

    def _then_and_now(self, moment):
        """Return ``then`` and ``now`` in words: accepted at ``moment``, and what it is today."""
        self.ensure_one()

        def shown(date):
            return fields.Datetime.context_timestamp(self, date).strftime("%Y-%m-%d %H:%M") if date else "—"

        then = self.env._("Valid: in use, chain and revocation list checked")
        if self.state in ("revoked", "suspended"):
            label = dict(self._fields["state"]._description_selection(self.env))[self.state]
            now = self.env._(
                "%(state)s since %(when)s: what it signed before stays valid", state=label, when=shown(self.date_ended))
        elif self.not_after < fields.Datetime.now():
            now = self.env._("Expired on %(when)s: what it signed before stays valid", when=shown(self.not_after))
        else:
            now = self.env._("In use, valid until %(when)s", when=shown(self.not_after))
        if self.date_ended and self.date_ended < moment:
            then = self.env._("Had ended before it signed")
        return {"then": then, "now": now}

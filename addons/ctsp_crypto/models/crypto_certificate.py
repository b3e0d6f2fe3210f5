from datetime import UTC, datetime

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ctsp_crypto.certificates import read_many
from ctsp_crypto.certificates.authority import WARNING, Authority, Request, armor, request_for
from ctsp_crypto.certificates.private import SigningPair, sm2_spki
from ctsp_crypto.errors import CryptoError

from ..tools import machine
from ..tools.failure import told

PAPERS = "document.sign"
CERTIFIED = (PAPERS,)
"""purposes whose signatures show a certificate"""


class CryptoCertificate(models.Model):
    """The certificate of a system key: what a signature shows about who made it.

    Until a licensed authority has issued one, a development certificate takes its place; it names itself
    “测试用，不得用于生产”, and so does every page that shows a signature made with it. Once one was issued, no
    development certificate signs any more: the key before goes on until the renewed one has its certificate.
    """

    _name = "ctsp.crypto.certificate"
    _description = "Certificate of a System Key"
    _order = "purpose, key_version desc, id desc"
    _rec_name = "subject"
    _audit_what = "write"
    _integrity_fields = {1: ("purpose", "key_version", "kind", "certificate", "chain", "active")}

    purpose = fields.Char(required=True, readonly=True, index=True)
    about = fields.Char("What It Is For", compute="_compute_about")
    key_version = fields.Integer(required=True, readonly=True, aggregator=None)
    kind = fields.Selection(
        [("development", "Development"), ("licensed", "Issued by an Authority")], required=True, readonly=True)
    certificate = fields.Text("Certificate (PEM)", required=True, readonly=True)
    chain = fields.Text("Certificates Above (PEM)", readonly=True)
    subject = fields.Char(readonly=True)
    issuer = fields.Char(readonly=True)
    serial = fields.Char("Serial Number", readonly=True)
    date_start = fields.Datetime("Valid From", readonly=True)
    date_end = fields.Datetime("Valid Until", readonly=True)
    active = fields.Boolean(default=True)
    is_of_former_key = fields.Boolean("Its Key Was Renewed", compute="_compute_about")

    @api.depends("purpose")
    @api.depends_context("lang")
    def _compute_about(self):
        purposes = {purpose.code: purpose for purpose in self.env["ctsp.crypto.purpose"].search([])}
        for row in self:
            purpose = purposes.get(row.purpose)
            row.about = purpose.name if purpose else row.purpose
            row.is_of_former_key = bool(purpose) and row.key_version < purpose.version

    @api.model
    def _subject(self):
        organisation = self.env["res.company"].sudo().search([], limit=1).name  # superuser: a name is no secret
        return [("C", "CN"), ("O", organisation), ("CN", f"{organisation}（系统签章）")]

    @api.model
    def _current(self, purpose):
        """Return the certificate that signs now, a development certificate where none was ever issued.

        :raise UserError: those that were issued have ended or were put out of use
        """
        # superuser: whoever has a paper signed does not read certificates
        rows = self.sudo().with_context(active_test=False).search([("purpose", "=", purpose)])
        now = fields.Datetime.now()
        good = rows.filtered(lambda row: row.active and row.date_start <= now < row.date_end)
        if issued := rows.filtered(lambda row: row.kind == "licensed"):
            if not (found := (good & issued)[:1]):
                raise UserError(self.env._(
                    "Nothing is sealed: the certificate of the system's seal has ended or was put out of use. The "
                    "security administrator has one issued for the key in use (System Certificates)."))
            return found
        _key, _public, version = self.env["ctsp.crypto"]._signing_pair(purpose)
        return good.filtered(lambda row: row.key_version == version)[:1] or self._make_development(purpose)

    @api.model
    def _make_development(self, purpose):
        now, providers = datetime.now(UTC), machine.providers()
        _key, public, version = self.env["ctsp.crypto"]._signing_pair(purpose)
        with told(self.env):
            authority = Authority.root(providers, now, name="开发用根 CA")  # its key is forgotten at once
            made = authority.issue(Request([*self._subject()[:2], ("OU", WARNING), self._subject()[2]], days=1825),
                                   sm2_spki(public.point))
        return self._keep(purpose, version, "development", armor("CERTIFICATE", made.der),
                          armor("CERTIFICATE", authority.certificate.der))

    @api.model
    def _keep(self, purpose, version, kind, pem, chain):
        about = read_many(pem)[0]
        return self.sudo().create({  # superuser: certificates are the engine's rows
            "purpose": purpose, "key_version": version, "kind": kind, "certificate": pem.decode(),
            "chain": chain.decode(), "subject": about.subject_text, "issuer": about.issuer_text,
            "serial": about.serial_text, "date_start": about.not_before.astimezone(UTC).replace(tzinfo=None),
            "date_end": about.not_after.astimezone(UTC).replace(tzinfo=None)})

    @api.model
    def _request(self, purpose):
        """Return a certificate request (PEM) for the key in use, to be handed to an authority."""
        key, public, _version = self.env["ctsp.crypto"]._signing_pair(purpose)
        with told(self.env):
            pair = SigningPair("SM2", key, public.point)
            return armor("CERTIFICATE REQUEST", request_for(pair, self._subject(), machine.providers()))

    @api.model
    def _take(self, purpose, content):
        """Take the certificate an authority issued, with those above it; refuse one of another key."""
        try:
            first, *above = read_many(content)
        except (CryptoError, ValueError) as error:
            raise ValidationError(self.env._("Certificate: this is no certificate in PEM or DER form.")) from error
        _key, public, version = self.env["ctsp.crypto"]._signing_pair(purpose)
        if first.key.kind != "SM2" or first.key.point != public.point:
            raise ValidationError(self.env._("Certificate: it was issued for another key, not for the one in use."))
        if first.not_after < datetime.now(UTC):
            raise ValidationError(self.env._("Certificate: it has expired."))
        chain = b"".join(armor("CERTIFICATE", one.der) for one in self._above(first, above))
        self.sudo().search([("purpose", "=", purpose), ("key_version", "=", version)]).active = False
        return self._keep(purpose, version, "licensed", armor("CERTIFICATE", first.der), chain)

    @api.model
    def _above(self, first, above):
        """Return the certificates above ``first`` up to its root, from the same file or from chains of before.

        :raise ValidationError: not all are there, or it must not be used for signing
        """
        known = self.env["ctsp.signer"]._trust(above)
        with told(self.env):
            report = known.check(first, at=datetime.now(UTC), usage="sign")
        if not report.good:
            raise ValidationError(self.env._(
                "Certificate: %(problems)s. The file holds the certificate and all those above it up to the root.",
                problems="；".join(problem.text() for problem in report.problems)))
        return report.path[1:]

    def action_prepare(self):
        """Show the certificate of the seal of papers; makes the development one, so that one can be requested."""
        self.check_access("read")
        return self._current(PAPERS)._get_records_action()

    def action_end(self):
        """Put a certificate out of use: it signs nothing any more; what it signed stays verifiable."""
        self.check_access("read")  # the security administrator's rows
        self.sudo().active = False  # superuser: the engine writes them
        for row in self:
            self.env["ctsp.audit.port"]._log("crypto.key", row, action="certificate ended", serial=row.serial)

    def action_request(self):
        """Download a request for a certificate of the key in use; the security administrator's button."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "target": "download", "url": f"/ctsp/crypto/request/{self.id}"}

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A certificate stays: signatures made with it must remain verifiable."))

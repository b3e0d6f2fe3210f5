import base64
import logging
from datetime import UTC, datetime

from odoo import api, fields, models, tools
from odoo.exceptions import UserError

from odoo.addons.ctsp_crypto.tools import machine

from ctsp_crypto.certificates import Certificate, RevocationList, TrustStore
from ctsp_crypto.errors import CryptoError, EncodingError

from ..tools import revocation

_logger = logging.getLogger(__name__)


class _SomeDoubtful(Exception):
    """Authorities are there that are not believed now; ``store`` holds the others."""

    def __init__(self, store):
        super().__init__()
        self.store = store


class AuthAuthority(models.Model):
    """A certification authority whose user certificates are believed, with its newest revocation list."""

    _name = "ctsp.auth.authority"
    _description = "Certification Authority"
    _inherit = ["ctsp.auth.sealed.mixin"]
    _order = "kind desc, name"
    _audit_what = "write"
    _sealed_fields = ("certificate", "kind", "active")
    _integrity_fields = {1: ("certificate", "kind", "active", "crl", "crl_date", "crl_url")}

    name = fields.Char(compute="_compute_facts", store=True)
    kind = fields.Selection(
        [("root", "Root"), ("intermediate", "Intermediate")], default="root", required=True,
        help="A root is believed by itself; an intermediate authority only below a root.")
    certificate = fields.Binary("Certificate File", required=True, attachment=False, help="PEM or DER.")
    issuer = fields.Char("Issued By", compute="_compute_facts", store=True)
    fingerprint = fields.Char("SM3 Fingerprint", compute="_compute_facts", store=True)
    not_after = fields.Datetime("Valid Until", compute="_compute_facts", store=True)
    crl_url = fields.Char(
        "Address of the Revocation List", help="Fetched every hour. Empty: the list is uploaded by hand.")
    crl = fields.Binary("Revocation List", attachment=False, help="Replaces the list that is there.")
    crl_date = fields.Datetime("List Of", readonly=True)
    crl_until = fields.Datetime("List Valid Until", readonly=True)
    crl_count = fields.Integer("Revoked Certificates", readonly=True)
    crl_problem = fields.Char("Last Fetch", readonly=True)
    active = fields.Boolean(default=True)

    _fingerprint_unique = models.UniqueIndex("(fingerprint)", "This authority is in the list already.")

    @api.depends("certificate")
    def _compute_facts(self):
        for authority in self:
            parsed = authority._parsed(authority.with_context(bin_size=False).certificate)
            authority.name = parsed.subject_text if parsed else False
            authority.issuer = parsed.issuer_text if parsed else False
            authority.fingerprint = parsed.fingerprint() if parsed else False
            authority.not_after = parsed.not_after.replace(tzinfo=None) if parsed else False

    @api.model
    def _parsed(self, content):
        """Return the certificate of a binary value; :raise UserError: it is none."""
        if not content:
            return None
        try:
            return Certificate(base64.b64decode(content))
        except (EncodingError, ValueError):
            raise UserError(self.env._("Certificate File: this is not a certificate (PEM or DER).")) from None

    @api.model_create_multi
    def create(self, vals_list):
        authorities = super().create(vals_list)
        for authority in authorities:
            if not authority._parsed(authority.certificate).is_ca:
                raise UserError(self.env._("Certificate File: this is not the certificate of an authority."))
            if authority.crl:
                authority._take_list(authority.crl)
        self.env.registry.clear_cache()  # _trust
        return authorities

    def write(self, vals):
        if vals.get("crl"):
            for authority in self:
                authority._take_list(vals["crl"])
        result = super().write(vals)
        self.env.registry.clear_cache()  # _trust
        if "crl" in vals or vals.get("active") is False:
            self.env["ctsp.auth.certificate"]._recheck()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Authorities are archived: certificates that were bound refer to them."))

    # ---- revocation lists

    def _take_list(self, content):
        """Check a new revocation list and note its facts; :raise UserError: not of this authority, forged, or older."""
        self.ensure_one()
        try:
            found = RevocationList(base64.b64decode(content))
            found.check_issuer(self._parsed(self.with_context(bin_size=False).certificate), machine.providers())
        except (CryptoError, ValueError):
            raise UserError(self.env._("Revocation List: it is none, or not signed by this authority.")) from None
        date = found.this_update.replace(tzinfo=None)
        if self.crl_date and date < self.crl_date:
            raise UserError(self.env._("Revocation List: it is older than the one that is there."))
        self.write({
            "crl_date": date, "crl_until": found.next_update and found.next_update.replace(tzinfo=None),
            "crl_count": len(found.revoked), "crl_problem": False,
        })

    def action_fetch(self):
        """Fetch the revocation lists now."""
        self.check_access("write")
        for authority in self.filtered("crl_url"):
            try:
                authority._renew_list(base64.b64encode(revocation.fetch(authority.crl_url)))
            except (revocation.NotFetched, UserError) as problem:
                _logger.info("revocation list of %s: %s", authority.name, problem)
                authority.crl_problem = self.env._("Failed: %(problem)s", problem=authority._said(problem))
        return True

    @api.model
    def _cron_lists(self):
        """Fetch the lists of all who publish one; certificates on a new list are taken out of use by :meth:`write`."""
        self.search([("crl_url", "!=", False)]).action_fetch()

    def _renew_list(self, content):
        if content != self.with_context(bin_size=False).crl:
            self.crl = content
        elif self.crl_problem:
            self.crl_problem = False

    def _said(self, problem):
        if isinstance(problem, revocation.TooLarge):
            return self.env._("Revocation List: larger than 32 MB.")
        return problem.args[0]

    # ---- trust

    @api.model
    def _check(self, certificate, usage="login"):
        """Return what is wrong with a certificate now: problems of ``ctsp_crypto.certificates.chain``."""
        return self._trust()[0].check(certificate, at=datetime.now(UTC), usage=usage).problems

    @api.model
    def _options(self):
        """Return what the sign-in page offers for certificates: None, or ways to a key and the middleware's address."""
        if not self.search_count([], limit=1):
            return None
        get = self.env["ctsp.parameter"]._get
        labels = {"middleware": self.env._("UKey"), "software": self.env._("Key File (for tests only)")}
        adapters = [(code, labels.get(code, code)) for code in get("auth.key_adapters")]
        return {"adapters": adapters, "middleware": get("auth.ukey_url")}

    @api.model
    def _trust(self):
        """Return the authorities that are believed, with their lists, and whether these are all there are.

        Some may be missing because they were altered or because their seals cannot be checked at the moment.
        """
        try:
            return self._trust_in_all(), True
        except _SomeDoubtful as doubtful:
            return doubtful.store, False

    @api.model
    @tools.ormcache()
    def _trust_in_all(self):
        """Return the store, parsed once per process; :raise _SomeDoubtful: not remembered, it may be right again."""
        authorities = self.sudo().with_context(bin_size=False).search([])  # sudo: whoever signs in
        good = authorities._holds()
        store = self._store_of(good.sudo())
        if forged := authorities - good:
            _logger.error("authorities that were not entered by the platform are not believed: %s", forged.ids)
            raise _SomeDoubtful(store)
        return store

    @api.model
    def _store_of(self, authorities):
        parsed = {authority: self._parsed(authority.certificate) for authority in authorities}
        return TrustStore(
            [parsed[authority] for authority in parsed if authority.kind == "root"],
            [parsed[authority] for authority in parsed if authority.kind != "root"],
            [RevocationList(base64.b64decode(authority.crl)) for authority in parsed if authority.crl],
            provider=machine.providers(), require_crl=self.env["ctsp.parameter"]._get("auth.crl_required"))

import base64
import ipaddress
import re
import time

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError

from odoo.addons.ctsp_crypto.tools import machine

from ctsp_crypto.certificates import Certificate
from ctsp_crypto.encodings import signatures
from ctsp_crypto.errors import CryptoError, EncodingError, ProviderRefused, ProviderUnavailable

from ..tools import assertion
from ..tools.lockout import within
from ..tools.refusal import SignInRefused

LEAST = assertion.SKEW  # seconds: a saying of a gateway whose clock is that far behind is still believed
HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,63}")


class AuthGateway(models.Model):
    """A security gateway (安全认证网关) that says who came through it, in headers that it signs.

    Believed from its addresses only, with its signature, for this host, fresh, and each saying once. Whom it names has
    to have a certificate that is bound and good here: the gateway identifies, the platform decides.
    """

    _name = "ctsp.auth.gateway"
    _description = "Security Gateway"
    _inherit = ["ctsp.cached.mixin", "ctsp.auth.sealed.mixin"]
    _order = "name"
    _audit_what = "write"
    _sealed_fields = ("certificate", "addresses", "header", "signature_header", "seconds", "active")
    _integrity_fields = {1: (*_sealed_fields, "name")}

    name = fields.Char(required=True)
    addresses = fields.Char(
        required=True,
        help="Addresses or networks of the gateway, separated by commas. It is believed from nowhere else.")
    certificate = fields.Binary(
        "Gateway's Certificate", required=True, attachment=False,
        help="PEM or DER; its key signs what the gateway says.")
    subject = fields.Char(compute="_compute_facts", store=True)
    not_after = fields.Datetime("Valid Until", compute="_compute_facts", store=True)
    header = fields.Char("Header with the Identity", required=True, default="X-Ctsp-Identity")
    signature_header = fields.Char("Header with the Signature", required=True, default="X-Ctsp-Signature")
    seconds = fields.Integer("Believed for Seconds", required=True, default=60)
    active = fields.Boolean(default=True)

    _seconds_sane = models.Constraint(
        "CHECK(seconds BETWEEN 1 AND 600)", "Believed for Seconds: from 5 seconds to ten minutes.")

    @api.depends("certificate")
    def _compute_facts(self):
        for gateway in self:
            parsed = gateway._parsed()
            gateway.subject, gateway.not_after = parsed.subject_text, parsed.not_after.replace(tzinfo=None)

    def _parsed(self):
        content = self.with_context(bin_size=False).certificate
        try:
            parsed = Certificate(base64.b64decode(content or b""))
            parsed.key.sm2  # noqa: B018 raises for another kind of key
        except (EncodingError, ValueError):
            raise UserError(self.env._("Gateway's Certificate: this is not a certificate with an SM2 key.")) from None
        return parsed

    @api.constrains("seconds")
    def _check_seconds(self):
        """Rows of an older release may say less; they are seen when they are changed."""
        if any(gateway.seconds < LEAST for gateway in self):
            raise ValidationError(self.env._(
                "Believed for Seconds: at least %(least)s. The clocks of gateway and platform differ by as much; with "
                "less nobody may come in.", least=LEAST))

    @api.constrains("addresses", "header", "signature_header")
    def _check_form(self):
        for gateway in self:
            gateway._check_networks(gateway.addresses)
            if not all(HEADER.fullmatch(name or "") for name in (gateway.header, gateway.signature_header)):
                raise ValidationError(self.env._("Headers: letters, digits and hyphens only."))

    @api.model
    def _check_networks(self, addresses):
        for network in filter(None, (part.strip() for part in (addresses or "").split(","))):
            try:
                ipaddress.ip_network(network, strict=False)
            except ValueError:
                raise ValidationError(self.env._(
                    "Addresses: “%(network)s” is no address and no network.", network=network)) from None

    def _networks(self):
        return [part.strip() for part in (self.addresses or "").split(",") if part.strip()]

    # ---- sign-in

    @api.model
    def _speaking(self, headers):
        """Return the gateways whose header a request carries."""
        gateways = self.sudo().search([])  # sudo: nobody is signed in yet
        return gateways.filtered(lambda gateway: gateway.header in headers)

    @api.model
    @tools.ormcache()
    def _all_networks(self):
        """Return the addresses of gateways in use: behind one of them are many people."""
        gateways = self.sudo().search([])._holds().sudo()  # sudo: nobody is signed in yet
        return tuple(network for gateway in gateways for network in gateway._networks())

    @api.model
    def _saying(self, headers, address, host):
        """Return the gateway that speaks, and what it says about who came.

        What does not come from a gateway is logged, and counts against nobody: who it was about is not known.

        :raise SignInRefused: with the reason for the log
        """
        speaking = self._speaking(headers)._holds().sudo()
        if not speaking:
            raise self._refused("gateway_unknown")
        here = speaking.filtered(lambda gateway: within(address, gateway._networks()))
        if not here:
            raise self._refused("gateway_address", gateway=speaking[0].name)
        gateway = here._who_signed(headers)
        try:
            said = assertion.read(headers.get(gateway.header, ""))
        except assertion.Unreadable:
            raise self._refused("gateway_unreadable", gateway=gateway.name) from None
        if said.host != host:
            raise self._refused("gateway_host", gateway=gateway.name)
        if not said.is_fresh(int(time.time()), gateway.seconds):
            raise self._refused("gateway_late", gateway=gateway.name)
        return gateway, said

    def _identified(self, said):
        """Return the bound certificate of whom this gateway names, once for each saying.

        :raise SignInRefused: counted for the certificate
        """
        self.env["ctsp.auth.nonce"]._use(f"gateway:{self.id}:{said.nonce}", self.seconds)
        return self._row_of(said)

    def _who_signed(self, headers):
        """Return the one of these gateways, which may use the same headers, that signed what was said."""
        for gateway in self:
            try:
                gateway._check_signature(headers.get(gateway.header, ""), headers.get(gateway.signature_header, ""))
            except SignInRefused:
                if gateway == self[-1]:
                    raise
            else:
                return gateway
        return self.browse()

    def _check_signature(self, text, signature):
        try:
            raw = signatures.read(base64.b64decode(signature, validate=True))
            machine.providers().verify(self._parsed().key.sm2, text.encode(), raw)
        except (ProviderRefused, ProviderUnavailable):
            raise self._refused("provider") from None
        except (CryptoError, ValueError):
            raise self._refused("gateway_signature", gateway=self.name) from None

    def _row_of(self, said):
        rows = self.env["ctsp.auth.certificate"].sudo().search([  # sudo: nobody is signed in yet
            ("serial", "=", said.serial), ("issuer", "=", said.issuer), ("state", "=", "active")])._holds().sudo()
        for row in rows:
            certificate = row._certificate()
            if (certificate.serial_text, certificate.issuer_text) != (said.serial, said.issuer):
                continue  # found by columns that say something else than the certificate
            if problems := self.env["ctsp.auth.authority"]._check(certificate):
                raise self._refused(problems[0].code, True, gateway=self.name, certificate=said.serial)
            row._confirm(certificate, "gateway", gateway=self.name)
            return row
        raise self._refused("not_bound", True, gateway=self.name, certificate=said.serial)

    @api.model
    def _refused(self, reason, counted=False, **detail):
        return SignInRefused(
            self.env._("The identity that the security gateway passed on was not accepted. Please sign in anew."),
            counted, method="gateway", reason=reason, **detail)

import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.ctsp_crypto.fields import EncryptedChar

from ctsp_crypto.encodings import keys as key_forms
from ctsp_crypto.errors import EncodingError

from ..tools import hosts, signing

SIGN_PURPOSE = "exchange.sign"
SECRET = 16
"""bytes that the secret of an HMAC key has at least"""
PROTECTED = ("key", "use", "method", "public_key", "partner_id", "backend_id", "addresses", "date_start", "date_end")


class ExchangeCredential(models.Model):
    """A key that signs requests between systems: theirs, which we verify, or ours.

    The secret of an HMAC key lies encrypted and leaves the platform once, when it is drawn. SM2: of theirs we hold the
    public key; we sign with the purpose ``exchange.sign``. Checking a request: ``exchange_admission.py``.
    """

    _name = "ctsp.exchange.credential"
    _description = "Interface Key"
    _inherit = ["ctsp.encrypted.mixin"]
    _order = "date_start desc, id desc"
    _rec_name = "key"
    _audit_what = "write"
    _integrity_fields = {1: PROTECTED}

    key = fields.Char(
        "Key ID", required=True, index=True, copy=False, default=lambda self: self._draw_key(),
        help="What a request names in its header appKey.")
    use = fields.Selection(
        [("in", "They Sign, We Verify"), ("out", "We Sign")], required=True, default="in", index=True)
    method = fields.Selection(
        [("hmac", "HMAC-SM3 (shared secret)"), ("sm2", "SM2 with SM3 (key pair)")], required=True, default="hmac")
    secret = EncryptedChar(purpose="exchange.secret", copy=False, groups=fields.NO_ACCESS)
    public_key = fields.Text(
        "Their Public Key", help="SM2 public key: PEM, or hexadecimal of 04‖x‖y.")
    partner_id = fields.Many2one("res.partner", "Submitter", index="btree_not_null", ondelete="restrict")
    backend_id = fields.Many2one(
        "ctsp.exchange.backend", "System", index="btree_not_null", ondelete="restrict")
    note = fields.Char("For")
    addresses = fields.Char(
        help="Addresses and networks it is accepted from, separated by commas. Empty: from anywhere.")
    date_start = fields.Datetime("Valid From", required=True, default=fields.Datetime.now)
    date_end = fields.Datetime("Valid Until", index="btree_not_null")
    state = fields.Selection(
        [("active", "In Use"), ("ended", "Ended"), ("future", "Not Yet Valid")], compute="_compute_state",
        search="_search_state")
    minute_messages = fields.Integer(
        "Messages a Minute", default=600, help="More are refused with “too many”. 0: no limit.")
    last_used_at = fields.Datetime("Last Used", readonly=True, copy=False)
    successor_id = fields.Many2one("ctsp.exchange.credential", "Replaced By", readonly=True, copy=False)

    _key_use_unique = models.Constraint("UNIQUE(key, use)", "There is a key with this identifier already.")

    @api.depends("date_start", "date_end")
    def _compute_state(self):
        now = fields.Datetime.now()
        for credential in self:
            if credential.date_end and credential.date_end <= now:
                credential.state = "ended"
            else:
                credential.state = "future" if (credential.date_start or now) > now else "active"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        ended = Domain("date_end", "!=", False) & Domain("date_end", "<=", now)
        future = ~ended & Domain("date_start", ">", now)
        domains = {"ended": ended, "future": future, "active": ~ended & ~future}
        return Domain.OR(domains[name] for name in value if name in domains)

    @api.constrains("addresses", "public_key", "method", "use", "key")
    def _check_form(self):
        for credential in self:
            try:
                hosts.check_networks(credential.addresses)
            except ValueError as wrong:
                raise ValidationError(self.env._(
                    "Addresses: “%(part)s” is no address and no network.", part=wrong)) from None
            if not signing.KEY_FORM.fullmatch(credential.key):
                raise ValidationError(self.env._(
                    "Key ID: 4 to 64 letters, digits, dots, hyphens and underscores."))
            if credential.method == "sm2" and credential.use == "in":
                credential._their_key()
            if credential.method == "hmac" and len((credential.secret or "").encode()) < SECRET:
                raise ValidationError(self.env._("Secret: %(count)s characters at least.", count=SECRET))

    def _their_key(self):
        """Return their public key; :raise ValidationError: there is none that can be read"""
        try:
            return key_forms.read_public((self.public_key or "").strip())
        except EncodingError:
            raise ValidationError(self.env._("Their Public Key: this is no SM2 public key.")) from None

    @api.model
    def _draw_key(self):
        return f"k{secrets.token_hex(10)}"

    # ---- life of a key

    @api.model
    def _issue(self, values):
        """Make a key; return ``(credential, secret)``. The secret is drawn unless given, None for SM2."""
        values = dict(values)
        if values.get("method", "hmac") == "hmac":
            values.setdefault("secret", secrets.token_urlsafe(32))
        credential = self.create(values)
        self.env["ctsp.audit.port"]._log("exchange.key", credential, action="issued", key=credential.key)
        return credential, values.get("secret")

    def _rotate(self, days=None, **values):
        """Replace the key; both are good for ``days`` (``exchange.key_overlap_days``). Return ``(successor, secret)``.

        :param values: of the successor, where they differ: their new ``public_key``, a ``secret`` that they drew
        """
        self.ensure_one()
        if self.state != "active" or self.successor_id:
            raise UserError(self.env._("Only a key in use that was not replaced yet can be replaced."))
        days = self.env["ctsp.parameter"]._get("exchange.key_overlap_days") if days is None else days
        now = fields.Datetime.now()
        given = self.copy_data({"key": self._draw_key(), "date_start": now, "date_end": False})[0]
        successor, secret = self._issue(given | values)
        end = now + timedelta(days=days)
        self.write({"successor_id": successor.id, "date_end": min(self.date_end or end, end)})
        return successor, secret

    def _end(self):
        """Make the keys good no longer, at once."""
        self.write({"date_end": fields.Datetime.now()})
        for credential in self:
            self.env["ctsp.audit.port"]._log("exchange.key", credential, action="ended", key=credential.key)

    def _tell_end(self, day):
        """Hook: the key ends on ``day`` and was not replaced; whoever uses it should know. Called again and again."""

    @api.ondelete(at_uninstall=False)
    def _unlink_never_used(self):
        if any(credential.last_used_at for credential in self):
            raise UserError(self.env._("A key that was used stays in the list: end it instead."))

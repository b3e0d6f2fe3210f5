from datetime import timedelta
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.ctsp_base.tools import clock

from ctsp_crypto.encodings import keys as key_forms
from ctsp_crypto.errors import EncodingError

from ..tools import client, hosts
from ..tools.errors import ExchangeError

PROTECTED = ("code", "active", "state", "url", "contract", "envelope", "envelope_name", "envelope_key")
"""what says where messages go and how they are sealed; times and paces are left out"""


class ExchangeBackend(models.Model):
    """Another system that messages are exchanged with: where it is, how it is spoken to, and how gently.

    What changes with every message (failures in a row, the breaker) lies in ``ctsp.exchange.line``.
    """

    _name = "ctsp.exchange.backend"
    _description = "Connected System"
    _order = "sequence, name"
    _audit_what = "write"
    _integrity_fields = {1: PROTECTED}

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, index=True, help="Part of the addresses that the other system calls.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    state = fields.Selection([("active", "Running"), ("paused", "Paused")], required=True, default="paused", index=True)
    url = fields.Char(
        "Address", help="Address of the other system's interface; its host must be named by the operator.")
    contract = fields.Char(
        "Contract Version", required=True, default="v1", help="The version that is spoken to it; it may speak any that "
        "is published.")
    connect_seconds = fields.Integer("Seconds to Connect", required=True, default=5)
    read_seconds = fields.Integer("Seconds to Wait", required=True, default=10)
    total_seconds = fields.Integer("Seconds Altogether", required=True, default=30)
    parallel = fields.Integer("At Once", required=True, default=4, help="Requests under way at the same time.")
    rate = fields.Integer("At Most per Second", default=20, help="0: no limit.")
    threshold = fields.Integer(
        "Failures until It Rests", required=True, default=5, help="After so many failures in a row nothing is sent for "
        "a while.")
    rest_seconds = fields.Integer("Rests for Seconds", required=True, default=30, help="Doubled each time, up to ten "
                                  "minutes.")
    envelope = fields.Boolean("Encrypted Envelope", help="Bodies are encrypted and signed (SM2, SM4) inside TLS.")
    envelope_name = fields.Char("Its Name on Envelopes")
    envelope_key = fields.Text("Its Public Key for Envelopes")
    credential_ids = fields.One2many("ctsp.exchange.credential", "backend_id", "Keys")
    type_ids = fields.One2many("ctsp.exchange.type", "backend_id", "Message Types")
    line_ids = fields.One2many("ctsp.exchange.line", "backend_id")
    open_until = fields.Datetime("Rests Until", related="line_ids.open_until")
    failures = fields.Integer("Failures in a Row", related="line_ids.failures")
    note = fields.Text()

    _code_unique = models.Constraint("UNIQUE(code)", "There is a system with this code already.")
    _bounds = models.Constraint(
        """CHECK(connect_seconds BETWEEN 1 AND 30 AND read_seconds BETWEEN 1 AND 60 AND total_seconds BETWEEN 1 AND 120
           AND parallel BETWEEN 1 AND 32 AND rate >= 0 AND threshold > 0 AND rest_seconds BETWEEN 1 AND 600)""",
        "Times, rates and numbers: connect within 30 s, wait 60 s, 120 s altogether; 1 to 32 requests at once; "
        "rests of up to 600 s.")

    @api.model_create_multi
    def create(self, vals_list):
        backends = super().create(vals_list)
        # sudo: the line is the engine's
        self.env["ctsp.exchange.line"].sudo().create([{"backend_id": backend.id} for backend in backends])
        return backends

    @api.constrains("url")
    def _check_url(self):
        words = {
            "form": self.env._("it is not an address"), "scheme": self.env._("it must begin with https://"),
            "credentials": self.env._("it must not contain a name or password"),
            "host": self.env._("the operator has not named this host")}
        for backend in self.filtered("url"):
            try:
                hosts.check(backend.url, backend._allowed_hosts())
            except ValueError as wrong:
                raise ValidationError(self.env._(
                    "Address: %(reason)s. Hosts are named in the environment of the server (CTSP_EXCHANGE_HOSTS).",
                    reason=words[str(wrong)])) from None

    def _allowed_hosts(self):
        """Return where the system may be: one of the hosts that the operator named."""
        return hosts.configured()

    def _address(self, path):
        """Return where ``path`` of the system is.

        :raise ValueError: it is none of the hosts that are allowed
        """
        base = hosts.check(self.url, self._allowed_hosts())
        return f"{base}/{path.lstrip('/')}"

    def _ask_options(self):
        """Return how requests to it differ from others (:class:`~..tools.client.Ask`)."""
        return {}

    def _signed(self, path, body, media="application/json", contract=None):
        """Return the request that posts ``body`` to ``path`` of the system, signed with our key in use.

        :raise ExchangeError: there is no such key; :raise ValueError: as in :meth:`_address`
        """
        url = self._address(path)
        key = self.env["ctsp.exchange.credential"].sudo().search(  # sudo: the engine signs, whoever makes the step
            [("backend_id", "=", self.id), ("use", "=", "out"), ("state", "=", "active")],
            order="date_start desc, id desc", limit=1)
        if not key:
            raise ExchangeError(self.env._("There is no key in use to sign requests to “%s”.", self.name))
        headers = key._sign_headers("POST", urlsplit(url).path, body) | {
            "Content-Type": f"{media}; charset=utf-8", "Accept": "application/json", "User-Agent": "CTSP",
            "contract": contract or self.contract}
        timeouts = self.connect_seconds, self.read_seconds, self.total_seconds
        return client.Ask(url, body, headers, timeouts, **self._ask_options())

    @api.constrains("envelope", "envelope_key", "envelope_name")
    def _check_envelope(self):
        for backend in self.filtered("envelope"):
            if "ctsp.envelope" not in self.env:
                raise ValidationError(self.env._("Encrypted Envelope: the addon for identities is not installed."))
            if not backend.envelope_key or not backend.envelope_name:
                raise ValidationError(self.env._("Encrypted Envelope: its name and public key are needed."))
            try:
                key_forms.read_public(backend.envelope_key)
            except EncodingError:
                raise ValidationError(
                    self.env._("Its Public Key for Envelopes: this is no SM2 public key.")) from None

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        # sudo: whoever deletes may not see all messages
        if self.env["ctsp.exchange.message"].sudo().search_count([("backend_id", "in", self.ids)], limit=1):
            raise UserError(self.env._("Messages were exchanged with this system: archive it instead."))

    # ---- screen

    def action_pause(self):
        """Send and apply nothing until it is resumed; what comes in is refused with “paused”."""
        self.check_access("write")
        self.write({"state": "paused"})
        return True

    def action_resume(self):
        """Go on, at once."""
        self.check_access("write")
        self.write({"state": "active"})
        self.sudo().line_ids.write({"open_until": False, "failures": 0, "opened": 0})  # sudo: the engine's row
        self.env["ctsp.exchange.message"].sudo().search([  # sudo: as above; a pause is no trying in vain
            ("backend_id", "in", self.ids), ("direction", "=", "out"), ("state", "=", "queued"),
            ("first_sent_at", "!=", False)]).write({"first_sent_at": False})
        self.env["ctsp.exchange.message"]._wake()
        return True

    def action_messages(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ctsp_exchange.ctsp_exchange_message_action")
        return action | {"domain": [("backend_id", "=", self.id)], "context": {}}

    def action_reconcile(self):
        """Ask the other system now what it has of yesterday and today; show what comes of it."""
        self.ensure_one()
        self.env["ctsp.exchange.difference"]._check_steward()
        self.check_access("read")
        today = clock.today()
        return self._reconcile_days([today, today - timedelta(days=1)])

    def action_reconcile_days(self):
        """Open the dialog that asks about other days."""
        self.ensure_one()
        action = self.env["ctsp.exchange.reconciliation"].action_days()
        return action | {"context": {"default_backend_id": self.id}}

    def _reconcile_days(self, days):
        """Ask about ``days``; return the action that shows what comes of it."""
        rows = self.env["ctsp.exchange.reconciliation"]
        for day in days:
            rows |= rows._ask(self, day)
        if not rows:
            raise UserError(self.env._("“%(system)s” has no message type for reconciliation.", system=self.name))
        action = self.env["ir.actions.act_window"]._for_xml_id("ctsp_exchange.ctsp_exchange_reconciliation_action")
        return action | {"domain": [("backend_id", "=", self.id)], "context": {}}

    @api.model
    def _by_code(self, code):
        return self.sudo().search([("code", "=", code)], limit=1)  # sudo: engines and handlers ask

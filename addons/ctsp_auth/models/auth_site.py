import base64
import socket
import ssl
from datetime import UTC

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.ctsp_base.tools.language import in_record_language

from ctsp_crypto.certificates import Certificate
from ctsp_crypto.errors import EncodingError

TIMEOUT = 10


class AuthSite(models.Model):
    """A server certificate that must not run out unseen: fetched by TLS, or uploaded where TLCP is spoken.

    What is fetched is looked at, not trusted: one that has expired or that nobody believes is to be seen as well.
    """

    _name = "ctsp.auth.site"
    _description = "Server Certificate"
    _order = "not_after, id"
    _audit_what = "write"

    name = fields.Char("Server", required=True)
    host = fields.Char(help="Name or address. Empty: the certificate is uploaded.")
    port = fields.Integer(default=443)
    certificate = fields.Binary("Certificate File", attachment=False, help="PEM or DER.")
    subject = fields.Char(readonly=True)
    issuer = fields.Char("Issued By", readonly=True)
    not_after = fields.Datetime("Valid Until", readonly=True, index=True)
    days_left = fields.Integer(compute="_compute_days_left")
    checked_on = fields.Datetime("Looked At", readonly=True)
    problem = fields.Char(readonly=True)
    active = fields.Boolean(default=True)

    @api.depends("not_after")
    def _compute_days_left(self):
        now = fields.Datetime.now()
        for site in self:
            site.days_left = (site.not_after - now).days if site.not_after else 0

    @api.model_create_multi
    def create(self, vals_list):
        sites = super().create(vals_list)
        sites.filtered("certificate")._take_uploaded()
        return sites

    def write(self, vals):
        result = super().write(vals)
        if vals.get("certificate"):
            self._take_uploaded()
        return result

    def _take_uploaded(self):
        for site in self.with_context(bin_size=False):
            try:
                site._take(Certificate(base64.b64decode(site.certificate)))
            except (EncodingError, ValueError):
                raise UserError(self.env._("Certificate File: this is not a certificate (PEM or DER).")) from None

    def _take(self, certificate):
        self.write({
            "subject": certificate.subject_text, "issuer": certificate.issuer_text, "problem": False,
            "not_after": certificate.not_after.astimezone(UTC).replace(tzinfo=None),
            "checked_on": fields.Datetime.now()})

    def action_look(self):
        """Look at the certificates of the servers now."""
        self.check_access("write")
        for site in self.filtered("host"):
            try:
                site._take(Certificate(site._fetch()))
            except (OSError, EncodingError) as problem:
                text = self.env._("Not reached: %(problem)s", problem=type(problem).__name__)
                site.write({"problem": text, "checked_on": fields.Datetime.now()})
        return True

    def _fetch(self):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # see the class
        with (
            socket.create_connection((self.host, self.port), timeout=TIMEOUT) as line,
            context.wrap_socket(line, server_hostname=self.host) as connection,
        ):
            return connection.getpeercert(binary_form=True)

    @api.model
    def _cron_daily(self):
        sites = in_record_language(self.sudo()).search([])
        sites.action_look()
        limit = self.env["ctsp.auth.certificate"]._expiry_limit()
        keepers = sites.env.ref("ctsp_base.group_security_admin").user_ids.filtered("active")
        for site in sites.filtered(lambda site: site.problem or (site.not_after and site.not_after < limit)):
            summary = sites.env._("Server certificate of %(server)s: %(what)s", server=site.name, what=site.problem or (
                fields.Date.to_string(site.not_after.date())))
            for keeper in keepers:
                site._tell(keeper, summary)
        self.env["ctsp.auth.expiry"]._announce()

    def _tell(self, keeper, summary):
        partner = keeper.partner_id
        told = partner.activity_ids.filtered(lambda one: one.user_id == keeper).mapped("summary")
        if summary not in told:
            partner.activity_schedule(
                "mail.mail_activity_data_warning", fields.Date.context_today(self), summary=summary, user_id=keeper.id)

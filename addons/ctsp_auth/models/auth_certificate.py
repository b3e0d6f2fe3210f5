import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.ctsp_base.tools.language import in_record_language
from odoo.addons.ctsp_base.tools.separation import check_security_admin

from ctsp_crypto.certificates import Certificate
from ctsp_crypto.errors import EncodingError

from ..tools.refusal import SignInRefused

STATES = [("pending", "To Be Confirmed"), ("active", "In Use"), ("suspended", "Suspended"), ("revoked", "Revoked")]


class AuthCertificate(models.Model):
    """A certificate that stands for a user: known by issuer and serial number, proven by a signature each time.

    Users bind their own by signing a challenge, the security administrator confirms; or he binds one that was handed to
    him. GB/T 22239-2019 8.1.4.1 d (two kinds of identification, one of them cryptographic); GM/T 0034.
    """

    _name = "ctsp.auth.certificate"
    _description = "User Certificate"
    _inherit = ["ctsp.auth.sealed.mixin"]
    _order = "state, not_after, id"
    _rec_name = "subject"
    _audit_what = "write"
    _sealed_fields = ("user_id", "content", "state")
    _integrity_fields = {1: ("user_id", "content", "state", "issuer", "serial", "fingerprint", "not_after")}

    user_id = fields.Many2one("res.users", "Account", required=True, index=True, ondelete="restrict")
    content = fields.Binary("Certificate File", required=True, attachment=False, help="PEM or DER.")
    subject = fields.Char(compute="_compute_facts", store=True)
    issuer = fields.Char("Issued By", compute="_compute_facts", store=True)
    serial = fields.Char("Serial Number", compute="_compute_facts", store=True)
    fingerprint = fields.Char("SM3 Fingerprint", compute="_compute_facts", store=True)
    not_before = fields.Datetime("Valid From", compute="_compute_facts", store=True)
    not_after = fields.Datetime("Valid Until", compute="_compute_facts", store=True)
    state = fields.Selection(STATES, default="pending", required=True, readonly=True, index=True)
    is_proven = fields.Boolean("Holder Proved His Key", readonly=True)
    is_expiring = fields.Boolean(compute="_compute_expiring", search="_search_expiring")
    is_expired = fields.Boolean(compute="_compute_expiring", search="_search_expired")
    reason = fields.Char("Why It Ended", readonly=True)
    date_ended = fields.Datetime(
        "No Longer Accepted Since", readonly=True, help="Revoked or suspended: accepted no longer.")
    date_used = fields.Datetime("Last Used", readonly=True)

    _serial_unique = models.UniqueIndex(
        "(issuer, serial) WHERE state <> 'revoked'", "This certificate is bound to an account already.")

    @api.depends("content")
    def _compute_facts(self):
        for row in self:
            parsed = self._read_certificate(row.with_context(bin_size=False).content)
            row.subject, row.issuer, row.serial = parsed.subject_text, parsed.issuer_text, parsed.serial_text
            row.fingerprint = parsed.fingerprint()
            row.not_before, row.not_after = (
                moment.replace(tzinfo=None) for moment in (parsed.not_before, parsed.not_after))

    @api.depends("not_after")
    def _compute_expiring(self):
        now, limit = fields.Datetime.now(), self._expiry_limit()
        for row in self:
            in_use = row.state == "active"
            row.is_expiring = in_use and now <= row.not_after < limit
            row.is_expired = in_use and row.not_after < now

    def _search_expiring(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("state", "=", "active"), ("not_after", ">=", fields.Datetime.now()),
                ("not_after", "<", self._expiry_limit())]

    def _search_expired(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("state", "=", "active"), ("not_after", "<", fields.Datetime.now())]

    @api.model
    def _expiry_limit(self):
        days = self.env["ctsp.parameter"]._get("auth.certificate_warn_days")
        return fields.Datetime.add(fields.Datetime.now(), days=days)

    @api.model
    def _read_certificate(self, content):
        try:
            return Certificate(base64.b64decode(content or b""))
        except (EncodingError, ValueError):
            raise UserError(self.env._("Certificate File: this is not a certificate (PEM or DER).")) from None

    # ---- binding

    @api.model
    def _bind_own(self, answer, host, session):
        """Bind the certificate whose holder answered to the user who asks; the security administrator confirms it."""
        if not self.env["ctsp.parameter"]._get("auth.certificate_self"):
            raise UserError(self.env._("Certificates are bound by the security administrator."))
        try:
            certificate = self._proven(answer, "bind", host, session)
        except SignInRefused as refusal:
            self.env["ctsp.audit.port"]._log_failure("auth.certificate", action="bound", **refusal.detail)
            raise UserError(refusal.args[0]) from None
        row = self.sudo().create({  # sudo: own certificate, proven above; it waits to be confirmed
            "user_id": self.env.uid, "content": base64.b64encode(certificate.der), "is_proven": True})
        self.env["ctsp.audit.port"]._log("auth.certificate", row, action="bound", certificate=row.serial)
        return row

    @api.model_create_multi
    def create(self, vals_list):
        """The security administrator binds what is handed to him: it holds at once, if it is good now."""
        if not self.env.su:
            check_security_admin(self.env)
            fixed = {"state": "active", "is_proven": False, "reason": False, "date_used": False, "date_ended": False}
            vals_list = [{**vals, **fixed} for vals in vals_list]
        rows = super().create(vals_list)
        for row in rows:
            if not self.env.su and row.user_id == self.env.user:  # the row: a value may come as a default, too
                raise AccessError(self.env._("Nobody confirms a certificate of his own."))
            row._check_good()
        return rows

    def write(self, vals):
        if not self.env.su and vals:
            raise AccessError(self.env._("A certificate is not changed; revoke it and bind another one."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Certificates are revoked, not deleted: who signed in with them stays traceable."))

    # ---- steps of the security administrator

    def action_confirm(self):
        self._step(("pending", "suspended"), "active")

    def action_suspend(self):
        self._step(("active",), "suspended")

    def action_revoke(self):
        """Let the certificate open nothing any more; its sessions end at once. The owner may do it as well."""
        own = all(row.user_id == self.env.user for row in self)
        self._step(("pending", "active", "suspended"), "revoked", own, reason=self.env._("Revoked on the platform"))

    def _step(self, before, state, own=False, reason=False):
        if not own:
            check_security_admin(self.env)
        rows = self.sudo()  # sudo: checked above; rows are otherwise not written
        for row in rows:
            if row.state not in before:
                raise UserError(self.env._(
                    "“%(certificate)s” is not in a state for this step.", certificate=row.subject))
            if state == "active":
                if row.user_id == self.env.user:
                    raise AccessError(self.env._("Nobody confirms a certificate of his own."))
                row._check_good()
        ended = fields.Datetime.now() if state != "active" else False
        rows.write({"state": state, "reason": reason, "date_ended": ended})
        if state != "active":
            self._end_sessions()
        for row in rows:
            self.env["ctsp.audit.port"]._log(
                "auth.certificate", row, action=state, account=row.user_id.login, certificate=row.serial)

    def _end_sessions(self):
        self.env["ctsp.auth.session"].sudo()._finish(  # sudo: a consequence
            SQL("certificate_id IN %s", tuple(self.ids) or (0,)), "certificate")

    # ---- by night, and when a revocation list arrives

    @api.model
    def _recheck(self):
        """Take out of use what its authority revoked, for good; suspend what is not believed at the moment.

        Where authorities themselves are in doubt (altered rows, seals nobody can check now) nothing is suspended:
        nobody signs in by such a certificate anyway, and it is right again when they are.
        """
        rows = in_record_language(self.sudo()).search([("state", "in", ("pending", "active", "suspended"))])
        authorities = self.env["ctsp.auth.authority"]
        whole = authorities._trust()[1]
        for row in rows:
            found = {problem.code: problem for problem in authorities._check(row._certificate())}
            doubt = found.get("no_path") or found.get("signature")
            if "revoked" in found:
                row._take_out("revoked", found["revoked"])
                row._tell(self.env._("A certificate was revoked: %(subject)s", subject=row.subject))
            elif doubt and whole and row.state == "active":
                row._take_out("suspended", doubt)
                row._tell(self.env._("A certificate was suspended: %(subject)s", subject=row.subject))

    def _take_out(self, state, problem):
        self.write({"state": state, "reason": problem.text(), "date_ended": fields.Datetime.now()})
        self._end_sessions()
        self.env["ctsp.audit.port"]._log(
            "auth.certificate", self, action=state, account=self.user_id.login, certificate=self.serial)

    @api.model
    def _cron_daily(self):
        self._recheck()
        rows = in_record_language(self.sudo()).search([("is_expiring", "=", True)])
        for row in rows:
            row._tell(rows.env._(
                "A certificate expires on %(day)s: %(subject)s",
                day=fields.Date.to_string(row.not_after.date()), subject=row.subject))

    def _tell(self, summary):
        """Leave a to-do for the owner and the security administrators, once; owners outside are told on their desk."""
        day = fields.Date.context_today(self)
        partner = self.user_id.partner_id
        told = partner.activity_ids.filtered(lambda activity: activity.summary == summary).user_id
        keepers = self.env.ref("ctsp_base.group_security_admin").user_ids.filtered("active")
        owner = self.user_id.filtered(lambda user: user.active and not user.share)
        for user in (keepers | owner) - told:
            partner.activity_schedule("mail.mail_activity_data_warning", day, summary=summary, user_id=user.id)
        if self.user_id.share and self.user_id.active:
            self.env["ctsp.desk.notice"]._say(
                partner.commercial_partner_id, summary, key=f"{self._name}:{self.id}:{summary}", tone="warning")

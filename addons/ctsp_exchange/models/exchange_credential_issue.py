from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.ctsp_crypto.fields import EncryptedChar

FIELDS = ("use", "method", "public_key", "partner_id", "backend_id", "note", "addresses", "date_end")


class ExchangeCredentialIssue(models.TransientModel):
    """Issues an interface key, or one that replaces another, and shows its secret once."""

    _name = "ctsp.exchange.credential.issue"
    _description = "Issue an Interface Key"
    _inherit = ["ctsp.encrypted.mixin"]

    replaces_id = fields.Many2one("ctsp.exchange.credential", "Replaces", readonly=True)
    use = fields.Selection(
        [("in", "They Sign, We Verify"), ("out", "We Sign")], required=True, default="in")
    method = fields.Selection(
        [("hmac", "HMAC-SM3 (shared secret)"), ("sm2", "SM2 with SM3 (key pair)")], required=True, default="hmac")
    public_key = fields.Text("Their Public Key")
    partner_id = fields.Many2one("res.partner", "Submitter", domain="[('is_company', '=', True)]")
    backend_id = fields.Many2one("ctsp.exchange.backend", "System")
    note = fields.Char("For", help="Which system uses it.")
    addresses = fields.Char(help="Addresses and networks it is accepted from, separated by commas.")
    date_end = fields.Datetime("Valid Until")
    key = fields.Char("Key ID", help="As the other side gave it. Empty: it is drawn.")
    given_secret = EncryptedChar(
        "Secret", purpose="exchange.secret", help="As the other side gave it. Empty: it is drawn.")
    shown_whose = fields.Char("Issued To", store=False, readonly=True)
    shown_key = fields.Char("Key ID Issued", store=False, readonly=True)
    shown_secret = fields.Char("Secret Issued", store=False, readonly=True)
    shown_public_key = fields.Text("Our Public Key", store=False, readonly=True)

    def action_issue(self):
        """Make the key; what is shown is shown once."""
        self.ensure_one()
        if not (self.env.su or self.env.user.has_group("ctsp_base.group_security_admin")):
            raise AccessError(self.env._("Only the security administrator issues and ends interface keys."))
        given = self.given_secret
        if given and len(given.encode()) < 16:
            raise UserError(self.env._("Secret: 16 characters at least."))
        credential, secret = self._issued({"secret": given} if given else {})
        self.given_secret = False
        view = self.env.ref("ctsp_exchange.ctsp_exchange_credential_issue_view_form_shown")
        return {
            "type": "ir.actions.act_window", "res_model": self._name, "target": "new",
            "name": self.env._("Interface Key"), "views": [(view.id, "form")],
            "context": {"default_shown_whose": (credential.partner_id or credential.backend_id).display_name,
                        "default_shown_key": credential.key, "default_shown_secret": None if given else secret,
                        "default_method": credential.method,
                        "default_shown_public_key": credential.our_public_key},
        }

    def _issued(self, extra):
        if self.key:
            extra["key"] = self.key
        if self.replaces_id:
            if self.method == "sm2" and self.use == "in":
                extra["public_key"] = self.public_key
            return self.replaces_id.sudo()._rotate(**extra)  # sudo: rights were checked above
        return self.env["ctsp.exchange.credential"].sudo()._issue(self._asked() | extra)  # sudo: as above

    def _asked(self):
        """Hook: return the values of the new key."""
        return {name: self[name].id if name.endswith("_id") else self[name] for name in FIELDS}

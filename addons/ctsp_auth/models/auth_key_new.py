from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.ctsp_base.tools.separation import check_security_admin

from ..tools import key_scope


class AuthKeyNew(models.TransientModel):
    """Issues a key: for an interface account, from named addresses, for named calls, with an end. Shown once."""

    _name = "ctsp.auth.key.new"
    _description = "New API Key"

    user_id = fields.Many2one(
        "res.users", "Account", required=True, domain=lambda self: [("id", "in", self._interface_users().ids)])
    name = fields.Char("For", required=True, help="Which system uses it.")
    days = fields.Integer("Valid for Days", required=True, default=180)
    addresses = fields.Char(required=True, help="Addresses or networks of that system, separated by commas.")
    calls = fields.Char(
        "Calls", help="model, model:read or model:method, separated by commas. Empty: whatever the account may do.")
    key = fields.Char(store=False, readonly=True)

    @api.model
    def _interface_users(self):
        return self.env.ref("ctsp_base.group_interface").sudo().all_user_ids  # sudo: who has the role

    @api.constrains("days", "addresses", "calls")
    def _check_form(self):
        longest = self.env["ctsp.parameter"]._get("auth.key_days")
        for wizard in self:
            if not 0 < wizard.days <= longest:
                raise ValidationError(self.env._("Valid for Days: between 1 and %s.", longest))
            try:
                key_scope.items(wizard.calls)
            except ValueError as wrong:
                raise ValidationError(self.env._("Calls: “%(part)s” is not of the form.", part=wrong)) from None
            self.env["ctsp.auth.gateway"]._check_networks(wizard.addresses)

    def action_issue(self):
        self.ensure_one()
        check_security_admin(self.env)
        if self.user_id not in self._interface_users():
            raise UserError(self.env._("Account: keys are issued to interface accounts only."))
        keys = self.env["res.users.apikeys"].with_user(self.user_id).sudo()  # sudo: on behalf of the account
        end = fields.Datetime.add(fields.Datetime.now(), days=self.days)
        key = keys._generate("rpc", self.name, end)
        keys._restrict(key, ",".join(self.addresses.replace(" ", "").split(",")), self.calls or None)
        self.env["ctsp.audit.port"]._log(
            "auth.key", self.user_id, action="issued", account=self.user_id.login, addresses=self.addresses,
            calls=self.calls)
        view = self.env.ref("ctsp_auth.ctsp_auth_key_new_view_form_key")
        return {
            "type": "ir.actions.act_window", "res_model": self._name, "target": "new", "name": self.env._("Key"),
            "views": [(view.id, "form")], "context": {"default_key": key, "default_user_id": self.user_id.id},
        }

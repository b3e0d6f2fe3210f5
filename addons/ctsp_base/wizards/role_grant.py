from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command

INSIDE_KINDS = ("business", "custom", "personal", "administration", "interface")


class RoleGrant(models.TransientModel):
    """The roles of one account, each with what it may do: granted and taken back by the security administrator."""

    _name = "ctsp.role.grant"
    _description = "Grant Roles"

    account_id = fields.Many2one("ctsp.account", required=True, readonly=True)
    name = fields.Char(related="account_id.name")
    login = fields.Char(related="account_id.login")
    kind = fields.Selection(related="account_id.kind")
    institution_id = fields.Many2one(related="account_id.institution_id")
    line_ids = fields.One2many("ctsp.role.grant.line", "grant_id", "Roles")

    @api.model
    def _open(self, account):
        self._check_may_grant(account)
        grant = self.create({"account_id": account.id, "line_ids": [
            Command.create({"role_id": role.id, "granted": role in account.role_ids})
            for role in self._grantable(account)
        ]})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Roles of %(name)s", name=account.name),
            "res_model": self._name,
            "res_id": grant.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    def action_apply(self):
        """Make the account hold exactly the ticked roles; the change is logged where groups are written."""
        self.ensure_one()
        account = self.account_id
        self._check_may_grant(account)
        wanted = self.line_ids.filtered("granted").role_id & self._grantable(account)
        held = account.role_ids & self._grantable(account)
        commands = [
            *(Command.link(role.id) for role in wanted - held),
            *(Command.unlink(role.id) for role in held - wanted),
        ]
        if commands:
            # sudo: the security administrator has no right on res.users; checked above, exclusivity by constraint
            account.user_id.sudo().write({"group_ids": commands})
            account.invalidate_recordset()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    @api.model
    def _grantable(self, account):
        kinds = ("outside",) if account.kind == "institution" else INSIDE_KINDS
        return self.env["ctsp.role"].search([("kind", "in", kinds)])

    @api.model
    def _check_may_grant(self, account):
        if not self.env.user.has_group("ctsp_base.group_security_admin"):
            raise AccessError(self.env._("Only the security administrator grants roles."))
        if account.user_id == self.env.user:
            raise AccessError(self.env._("Nobody grants roles to himself."))
        if account.is_emergency:
            raise AccessError(self.env._("The emergency account holds no roles."))

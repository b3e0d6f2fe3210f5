import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Domain

from ..tools.separation import ALMIGHTY, GUARDED, groups

ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789"
WRITABLE = {"name", "login", "email", "phone", "institution_id", "active"}
OUTSIDE = "ctsp_base.group_institution_user"


class Account(models.Model):
    """Accounts as the three administrators see them: a delegated screen on ``res.users``.

    The system administrator creates accounts, archives them and hands out one-time passwords; he grants nothing and
    cannot touch the accounts of the others (``tools.separation.GUARDED``). The security administrator grants roles
    (``ctsp.role.grant``). Rows have the identifiers of ``res.users``; create and write change that, after checks.
    """

    _name = "ctsp.account"
    _description = "Account"
    _auto = False
    _order = "name, id"
    _depends = {"res.users": ["login", "active", "share", "partner_id"], "res.partner": ["name", "parent_id"]}

    user_id = fields.Many2one("res.users", readonly=True)
    name = fields.Char(required=True)
    login = fields.Char(required=True)
    email = fields.Char(related="user_id.email", readonly=False)
    phone = fields.Char(related="user_id.phone", readonly=False)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [("internal", "Platform User"), ("institution", "Institution User")], default="internal", required=True,
        help="Platform users work for the regulator; institution users see the records of their institution only.",
    )
    institution_id = fields.Many2one("res.partner", domain="[('is_company', '=', True)]")
    last_sign_in = fields.Datetime("Last Sign-in", readonly=True)
    role_ids = fields.Many2many("ctsp.role", compute="_compute_role_ids", search="_search_role_ids")
    has_role = fields.Boolean(compute="_compute_role_ids", search="_search_has_role")
    is_guarded = fields.Boolean("Guarded", compute="_compute_is_guarded")
    is_emergency = fields.Boolean("Emergency Account", compute="_compute_is_guarded")

    @property
    def _table_query(self):
        return """
            SELECT u.id, u.id AS user_id, p.name, u.login, u.active, p.parent_id AS institution_id,
                   CASE WHEN u.share THEN 'institution' ELSE 'internal' END AS kind,
                   (SELECT max(l.create_date) FROM res_users_log l WHERE l.create_uid = u.id) AS last_sign_in
              FROM res_users u
              JOIN res_partner p ON p.id = u.partner_id
             WHERE NOT EXISTS (
                       SELECT 1 FROM ir_model_data d
                        WHERE d.model = 'res.users' AND d.res_id = u.id AND d.module = 'base'
                          AND d.name IN ('user_root', 'public_user', 'template_portal_user_id', 'default_user'))
        """

    @api.depends("user_id.group_ids", "is_emergency")
    def _compute_role_ids(self):
        # sudo: administrators see who has which role, not the groups themselves
        roles = {role.id: role for role in self.env["ctsp.role"].sudo().search([])}
        for account in self:
            ids = [group.id for group in account.sudo().user_id.group_ids if group.id in roles]
            account.role_ids = self.env["ctsp.role"].browse(ids)
            account.has_role = bool(ids) or account.is_emergency

    def _search_role_ids(self, operator, value):
        if operator not in ("in", "any"):
            return NotImplemented
        roles = self.env["ctsp.role"].sudo()  # sudo: as above
        ids = roles.search(value).ids if isinstance(value, Domain) else list(value)
        return self._holders(ids)

    def _search_has_role(self, operator, value):
        if operator != "in":
            return NotImplemented
        roles = self.env["ctsp.role"].sudo().search([])  # sudo: as above
        return self._holders([*roles.ids, *groups(self.env, ALMIGHTY).ids])

    def _holders(self, group_ids):
        # sudo: accounts by role, see _compute_role_ids
        users = self.env["res.users"].sudo().with_context(active_test=False)
        return Domain("id", "in", users.search([("group_ids", "in", group_ids)]).ids)

    @api.depends("user_id")
    def _compute_is_guarded(self):
        guarded, almighty = groups(self.env, GUARDED), groups(self.env, ALMIGHTY)
        for account in self:
            held = account.sudo().user_id.all_group_ids  # sudo: two answers of yes or no
            account.is_guarded = bool(held & guarded)
            account.is_emergency = bool(held & almighty)

    # ---- what the system administrator does (there is no table of its own: no super)

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        self._check_system_admin()
        users = self.env["res.users"]
        for vals in vals_list:
            values = {name: vals[name] for name in ("name", "login", "email", "phone") if vals.get(name)}
            outside = vals.get("kind") == "institution"
            self._check_institution(outside, vals.get("institution_id"))
            group = self.env.ref("base.group_portal" if outside else "base.group_user")
            # sudo: the system administrator has no right on res.users; the account gets its user type, no role
            user = users.sudo().with_context(no_reset_password=True, mail_create_nosubscribe=True).create({
                **values, "group_ids": [Command.set(group.ids)], "lang": self.env.lang, "tz": self.env.user.tz,
            })
            if outside:
                user.partner_id.parent_id = vals["institution_id"]
            users |= user
        return self.browse(users.ids)

    def write(self, vals):  # pylint: disable=method-required-super
        self._check_system_admin()
        self._check_not_guarded()
        if unknown := vals.keys() - WRITABLE:
            raise AccessError(self.env._("Not to be changed on an account: %(fields)s", fields=", ".join(unknown)))
        values = {name: value for name, value in vals.items() if name != "institution_id"}
        for account in self:
            user = account.user_id.sudo()  # sudo: checked above, see create
            if "institution_id" in vals:
                account._check_institution(user.share, vals["institution_id"])
                user.partner_id.parent_id = vals["institution_id"]
            user.write(values)
            self.env["ctsp.audit.port"]._log(
                "account", user, action="changed", account=user.login, fields=sorted(vals)
            )
        self.invalidate_recordset()
        return True

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Accounts are archived, not deleted: what their holders did stays attributable."))

    def action_one_time_password(self):
        """Give the account a random password and show it once; its holder must change it at the first sign-in."""
        self.ensure_one()
        self._check_system_admin()
        self._check_not_guarded()
        password = "".join(secrets.choice(ALPHABET) for _n in range(14))
        # sudo: checked above, see create
        self.user_id.sudo().write({"password": password, "password_is_one_time": True})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("One-time Password"),
            "res_model": "ctsp.account.password",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_login": self.login, "default_password": password},
        }

    def action_roles(self):
        """Open the roles of the account, for the security administrator."""
        self.ensure_one()
        return self.env["ctsp.role.grant"]._open(self)

    # ---- checks

    def _check_system_admin(self):
        if not (self.env.su or self.env.user.has_group("ctsp_base.group_system_admin")):
            raise AccessError(self.env._("Only the system administrator manages accounts."))

    def _check_not_guarded(self):
        for account in self:
            if account.is_guarded:
                raise AccessError(self.env._(
                    "“%(login)s” is the account of another administrator: only the emergency account may change it.",
                    login=account.login,
                ))

    @api.model
    def _check_institution(self, outside, institution_id):
        # sudo: existence and kind only
        institution = self.env["res.partner"].sudo().browse(institution_id or []).exists()
        if outside and not institution.is_company:
            raise ValidationError(self.env._("Institution: choose the institution of an institution user."))
        if institution and not outside:
            raise ValidationError(self.env._("Institution: platform users belong to no institution."))

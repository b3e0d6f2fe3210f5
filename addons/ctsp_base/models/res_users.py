from odoo import api, fields, models
from odoo.exceptions import AccessDenied, ValidationError

from ..tools.separation import ADMINISTRATORS, ALMIGHTY, groups

LOGGED = ("login", "active", "password", "new_password")


class ResUsers(models.Model):
    """Sign-ins, accounts and permissions: logged, and kept apart as ``tools.separation`` says."""

    _inherit = "res.users"

    # ---- separation of powers

    @api.constrains("group_ids")
    def _check_separation(self):
        administrators = groups(self.env, ADMINISTRATORS)
        for user in self.sudo():  # sudo: the rule is about all groups of the user
            held = user.all_group_ids & administrators
            if len(held) > 1:
                raise ValidationError(self.env._(
                    "%(user)s cannot hold %(groups)s at the same time: these roles exclude each other.",
                    user=user.name, groups=", ".join(held.mapped("name")),
                ))

    # ---- what is logged

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        if self.env.registry.ready:
            for user in users:
                names = user.sudo().group_ids.mapped("name")  # sudo: names for the log
                self._audit()._log("account", user, action="created", account=user.login, groups=names)
        return users

    def write(self, vals):
        before = {user: user.sudo().group_ids for user in self} if "group_ids" in vals else {}
        result = super().write(vals)
        for user, held in before.items():
            user._log_grant(held, user.sudo().group_ids)  # sudo: names for the log
        changed = [name for name in LOGGED if name in vals]
        if changed and self.env.registry.ready:
            shown = {name: vals[name] for name in ("login", "active") if name in vals}
            self._audit()._log(
                "account", self, action="changed", fields=changed, accounts=self.sudo().mapped("login"), **shown
            )
        return result

    def unlink(self):
        self._audit()._log("account", self, action="deleted", accounts=self.sudo().mapped("login"))
        return super().unlink()

    def _log_grant(self, held, holds):
        if held != holds and self.env.registry.ready:
            self._audit()._log(
                "permission", self, action="granted", account=self.sudo().login,
                added=(holds - held).mapped("name"), removed=(held - holds).mapped("name"),
            )

    def _audit(self):
        return self.env["ctsp.audit.port"]

    # ---- sign-in

    def _login(self, credential, user_agent_env):
        try:
            auth_info = super()._login(credential, user_agent_env)
        except AccessDenied as refusal:  # one that knows more than it tells brings it in ``detail``
            detail = getattr(refusal, "detail", {})
            self._audit()._log_failure("sign_in", who=str(credential.get("login"))[:64], **detail)
            raise
        self.env(user=auth_info["uid"]).user._log_sign_in(auth_info["auth_method"])
        return auth_info

    def _check_credentials(self, credential, env):
        """Log what signs in with each call instead of by a session: RPC (Odoo caches the outcome per process)."""
        if (env or {}).get("interactive", True):
            return super()._check_credentials(credential, env)
        try:
            auth_info = super()._check_credentials(credential, env)
        except AccessDenied:
            self._audit()._log_failure("sign_in", who=self.env.user.login, method="rpc")
            raise
        self.env.user._log_sign_in("rpc")
        return auth_info

    def _log_sign_in(self, method):
        self._audit()._log("sign_in", method=method)
        if self.all_group_ids & groups(self.env, ALMIGHTY):
            self._announce_break_glass()

    def _announce_break_glass(self):
        """Tell the security and audit administrators that the emergency account has been used."""
        self._audit()._log("sign_in.break_glass")
        guardians = groups(self.env, ADMINISTRATORS[1:]).user_ids.filtered("active")
        partner = self.partner_id.sudo()  # sudo: activities are made for others, by the platform
        summary = self.env._("The emergency account “%(login)s” was used", login=self.login)
        today = fields.Date.context_today(self)
        told = partner.activity_ids.filtered(lambda activity: activity.date_deadline == today).user_id
        for guardian in guardians - told:
            partner.activity_schedule(
                "mail.mail_activity_data_warning", today, summary=summary, user_id=guardian.id,
                note=self.env._("Check in the audit log who used it, and what for."),
            )

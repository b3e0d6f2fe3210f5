import re

from odoo import fields, models, tools
from odoo.exceptions import AccessDenied, UserError

SHORTEST = 10


class ResUsers(models.Model):
    """One-time passwords: whoever signs in with one changes it before anything else is reachable.

    Routes are closed in ``ir.http``; calls that sign in each time (XML-RPC, JSON-RPC, keys) are refused here.
    """

    _inherit = "res.users"

    password_is_one_time = fields.Boolean(
        "Password to Be Changed", copy=False, groups="base.group_system",
        help="The password was given out by an administrator; it opens nothing but the page that changes it.")

    def write(self, vals):
        if "password" in vals and "password_is_one_time" not in vals:
            vals = {**vals, "password_is_one_time": False}
        result = super().write(vals)
        if "password_is_one_time" in vals:
            self.env.registry.clear_cache()  # _owes_password
        return result

    @tools.ormcache("self.id")
    def _owes_password(self):
        """Tell whether this user must change a one-time password first; asked with each request, hence cached."""
        return self.sudo().password_is_one_time  # sudo: every user is asked for

    def _check_credentials(self, credential, env):
        auth_info = super()._check_credentials(credential, env)
        if not (env or {}).get("interactive", True) and self.env.user._owes_password():
            raise AccessDenied(self.env._("Sign in and change the one-time password first."))
        return auth_info

    def _replace_one_time_password(self, password):
        """Set the user's own password in place of the one-time one.

        :raise UserError: the new one is too weak, or the old one
        """
        self.ensure_one()
        self._change_password(password)

    def _change_password(self, new_passwd):
        """Every way in which somebody chooses a password of his own goes through here."""
        self._check_new_password(new_passwd.strip())
        return super()._change_password(new_passwd)

    def _check_new_password(self, password):
        """Refuse a password that is short, made of one kind of character, the account's name or the present one."""
        if len(password) < SHORTEST:
            raise UserError(self.env._("New password: at least %s characters.", SHORTEST))
        if not (re.search(r"[^\W\d_]", password) and re.search(r"\d", password)):
            raise UserError(self.env._("New password: letters and digits together."))
        if self.login.casefold() in password.casefold():
            raise UserError(self.env._("New password: it must not contain the account."))
        if self._is_present_password(password):
            raise UserError(self.env._("New password: it must differ from the present one."))

    def _is_present_password(self, password):
        self.env.cr.execute("SELECT password FROM res_users WHERE id = %s", [self.id])
        return self._crypt_context().verify(password, self.env.cr.fetchone()[0])

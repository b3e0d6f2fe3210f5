import re

from odoo import api, models
from odoo.exceptions import AccessDenied

ALIKE = re.compile(r"[0-9a-f]{40}")  # what core's keys look like


class ResUsers(models.Model):
    """Remote calls that bring a key: the key is looked at each time, core would remember it beyond its end."""

    _inherit = "res.users"

    @api.model
    def _check_uid_passwd(self, uid, passwd):
        if not ALIKE.fullmatch(passwd or ""):
            return super()._check_uid_passwd(uid, passwd)
        with self._assert_can_auth(user=uid):
            user = self.with_user(uid).env.user
            if not user.active or self.env["res.users.apikeys"]._check_credentials(scope="rpc", key=passwd) != uid:
                raise AccessDenied()
            if user._owes_password():
                raise AccessDenied(self.env._("Sign in and change the one-time password first."))
        return None

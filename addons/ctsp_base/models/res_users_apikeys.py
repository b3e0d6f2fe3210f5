from odoo import models

from ..tools.separation import ALMIGHTY, groups


class ResUsersApikeys(models.Model):
    """The use of a key of the emergency account is logged and announced as its sign-in is."""

    _inherit = "res.users.apikeys"

    def _check_credentials(self, *, scope, key):
        uid = super()._check_credentials(scope=scope, key=key)
        user = self.env(user=uid).user if uid else self.env["res.users"]
        if user.all_group_ids & groups(self.env, ALMIGHTY):
            user._announce_break_glass()
        return uid

from odoo import models
from odoo.exceptions import AccessError

OWN_CHOICES = frozenset({"lang", "tz"})


class ResUsers(models.Model):
    """Outside users: they choose language and time zone; who they are is the administrator's to say."""

    _inherit = "res.users"

    def write(self, vals):
        if not self.env.su and self.env.user._is_portal() and not OWN_CHOICES.issuperset(vals):
            raise AccessError(self.env._("Names and addresses of accounts are kept by the administrator."))
        return super().write(vals)

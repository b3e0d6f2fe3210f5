from odoo import models
from odoo.exceptions import AccessError


class ResUsersApikeysDescription(models.TransientModel):
    """Keys are handed out by the security administrator to interface accounts: people sign in."""

    _inherit = "res.users.apikeys.description"

    def check_access_make_key(self):
        raise AccessError(self.env._("Keys are issued by the security administrator, to interface accounts only."))

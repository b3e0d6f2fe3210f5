from odoo import models


class AuthTotpDevice(models.Model):
    """No device is excused from the second factor."""

    _inherit = "auth_totp.device"

    def _check_credentials_for_uid(self, *, scope, key, uid):
        return False

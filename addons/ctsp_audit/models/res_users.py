from odoo import models


class ResUsers(models.Model):
    """Accounts: changes are logged with before and after."""

    _inherit = "res.users"
    _audit_what = "write"

from odoo import fields, models


class AccountPassword(models.TransientModel):
    """Shows a one-time password. Never saved: the dialog has nothing but a button to close it."""

    _name = "ctsp.account.password"
    _description = "One-time Password"

    login = fields.Char(readonly=True)
    password = fields.Char("One-time Password", readonly=True)

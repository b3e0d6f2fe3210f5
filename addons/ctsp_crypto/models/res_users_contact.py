"""Telephone numbers of accounts lie encrypted with the account; those of organisations, which are public, stay."""
from odoo import api, models
from odoo.tools import SQL

from ..fields import EncryptedChar


class ResUsers(models.Model):
    """Accounts keep the telephone number of their holder themselves, encrypted, instead of in the contact's open
    column. The e-mail address stays there: Odoo's mail finds, joins and sends by it.
    """

    _name = "res.users"
    _inherit = ["res.users", "ctsp.encrypted.mixin"]

    phone = EncryptedChar(blind="digits", related=None, inherited=False, store=True)

    def _register_hook(self):
        super()._register_hook()
        if "ctsp_crypto" in self.pool.updated_modules:
            self._take_phones()

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        users.partner_id._phone_to_account()
        return users

    @api.model
    def _take_phones(self):
        """Take numbers over that contacts of accounts still hold in clear: after an update, all of them at once."""
        self.env.cr.execute(SQL(
            "SELECT DISTINCT p.id FROM res_partner p JOIN res_users u ON u.partner_id = p.id"
            " WHERE p.phone IS NOT NULL AND p.phone <> ''"))
        # superuser: whoever updates; nothing is shown
        self.env["res.partner"].sudo().browse([row[0] for row in self.env.cr.fetchall()])._phone_to_account()


class ResPartner(models.Model):
    """Whatever writes a telephone number on the contact of an account means the account."""

    _inherit = "res.partner"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("phone"):
            self._phone_to_account()
        return result

    def _phone_to_account(self):
        partners = self.sudo().with_context(active_test=False)  # superuser: moved, not shown
        for partner in partners:
            if partner.phone and partner.user_ids:
                partner.user_ids.phone = partner.phone
                partner.phone = False

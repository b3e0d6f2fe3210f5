from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.ctsp_base.tools.separation import check_security_admin


class AuthKey(models.Model):
    """The API keys there are, for the security administrator: what they open, from where, and until when."""

    _name = "ctsp.auth.key"
    _description = "API Key"
    _auto = False
    _order = "expiration_date, id"

    name = fields.Char("For", readonly=True)
    user_id = fields.Many2one("res.users", "Account", readonly=True)
    create_date = fields.Datetime("Issued", readonly=True)
    expiration_date = fields.Datetime("Valid Until", readonly=True)
    addresses = fields.Char(readonly=True)
    calls = fields.Char("Calls", readonly=True)

    @property
    def _table_query(self):
        return SQL("""
            SELECT id, name, user_id, create_date, expiration_date, ctsp_addresses AS addresses, ctsp_calls AS calls
              FROM res_users_apikeys
        """)

    def action_revoke(self):
        """Let keys open nothing any more."""
        check_security_admin(self.env)
        keys = self.env["res.users.apikeys"].sudo().browse(self.ids)  # sudo: checked above
        for key in keys:
            self.env["ctsp.audit.port"]._log("auth.key", key.user_id, action="revoked", account=key.user_id.login)
        keys.unlink()
        self.env.registry.clear_cache()  # what core remembers of remote sign-ins
        self.invalidate_model()
        return True

from odoo import api, fields, models
from odoo.tools import SQL


class AuthPassword(models.Model):
    """Verifiers of the passwords a user had, so that he does not take them again. Read and written by nobody."""

    _name = "ctsp.auth.password"
    _description = "Former Password"
    _order = "id desc"

    user_id = fields.Many2one("res.users", required=True, index=True, readonly=True, ondelete="cascade")
    verifier = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)

    @api.model
    def _remember(self, user):
        """Keep the present verifier of ``user``; of older ones as many as the policy compares with."""
        self.env.cr.execute(SQL("SELECT password FROM res_users WHERE id = %s", user.id))
        rows = self.sudo()  # sudo: nobody has rights on this table
        rows.create({"user_id": user.id, "verifier": self.env.cr.fetchone()[0]})
        kept = max(self.env["ctsp.parameter"]._get("auth.password_history"), 1)
        rows.search([("user_id", "=", user.id)], offset=kept).unlink()

    @api.model
    def _was_used(self, user, password):
        """Say whether ``password`` is among the last ones of ``user``. Each costs one slow digest."""
        count = self.env["ctsp.parameter"]._get("auth.password_history")
        rows = self.sudo().search([("user_id", "=", user.id)], limit=count)  # sudo: as above
        context = user._crypt_context()
        return count > 0 and any(context.verify(password, row.verifier) for row in rows)

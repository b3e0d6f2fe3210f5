from odoo import models
from odoo.exceptions import AccessError


class ExchangeCredentialScreen(models.Model):
    """Buttons of the security administrator's screen."""

    _inherit = "ctsp.exchange.credential"

    def action_end(self):
        """End keys at once: whoever uses them is refused from now on."""
        self._check_security_admin()
        self._end()
        return True

    def action_rotate(self):
        """Open the dialog that replaces a key."""
        self.ensure_one()
        self._check_security_admin()
        return {
            "type": "ir.actions.act_window", "res_model": "ctsp.exchange.credential.issue", "target": "new",
            "name": self.env._("Replace the Key"), "views": [(False, "form")],
            "context": {"default_replaces_id": self.id, "default_use": self.use, "default_method": self.method,
                        "default_partner_id": self.partner_id.id, "default_backend_id": self.backend_id.id},
        }

    def _check_security_admin(self):
        if not (self.env.su or self.env.user.has_group("ctsp_base.group_security_admin")):
            raise AccessError(self.env._("Only the security administrator issues and ends interface keys."))

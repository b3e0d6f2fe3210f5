from odoo import models

from odoo.addons.ctsp_base.tools.separation import check_security_admin


class ExchangeCredentialScreen(models.Model):
    """Buttons of the security administrator's screen."""

    _inherit = "ctsp.exchange.credential"

    def action_end(self):
        """End keys at once: whoever uses them is refused from now on."""
        check_security_admin(self.env)
        self._end()
        return True

    def action_rotate(self):
        """Open the dialog that replaces a key."""
        self.ensure_one()
        check_security_admin(self.env)
        return {
            "type": "ir.actions.act_window", "res_model": "ctsp.exchange.credential.issue", "target": "new",
            "name": self.env._("Replace the Key"), "views": [(False, "form")],
            "context": {"default_replaces_id": self.id, "default_use": self.use, "default_method": self.method,
                        "default_partner_id": self.partner_id.id, "default_backend_id": self.backend_id.id},
        }

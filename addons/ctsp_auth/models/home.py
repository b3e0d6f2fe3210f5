from odoo import api, models


class Home(models.AbstractModel):
    """Cards of the security administrator."""

    _inherit = "ctsp.home"

    @api.model
    def _cards(self):
        cards = super()._cards()
        if self.env.user.has_group("ctsp_base.group_security_admin"):
            locks = self.env["ctsp.auth.lock"].search([("kind", "=", "account")])
            cards.append({
                "key": "auth_locks", "title": self.env._("Locked accounts"), "count": len(locks.filtered("locked")),
                "tone": "warning", "action": "ctsp_auth.ctsp_auth_lock_action", "sequence": 20})
        return cards

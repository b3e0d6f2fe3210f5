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
            rows = self.env["ctsp.auth.certificate"]
            cards.append({
                "key": "auth_pending", "title": self.env._("Certificates to confirm"), "tone": "info", "sequence": 21,
                "count": rows.search_count([("state", "=", "pending")]),
                "action": "ctsp_auth.ctsp_auth_certificate_action"})
            cards.append({
                "key": "auth_expiring", "title": self.env._("Certificates expiring soon"), "tone": "warning",
                "count": rows.search_count([("is_expiring", "=", True)]), "sequence": 22,
                "action": "ctsp_auth.ctsp_auth_certificate_action"})
        return cards

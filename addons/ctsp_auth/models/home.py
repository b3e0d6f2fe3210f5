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
            certificates = "ctsp_auth.ctsp_auth_certificate_action"
            cards.append({
                "key": "auth_factors", "title": self.env._("Administrators' roles without a second factor"),
                "count": len(self.env["ctsp.auth.rule"]._bare_roles()), "tone": "danger",
                "action": "ctsp_auth.ctsp_auth_rule_action", "sequence": 19})
            cards += [
                self._counted_card("auth_pending", self.env._("Certificates to confirm"), certificates,
                                   [("state", "=", "pending")], "info", 21),
                self._counted_card("auth_expiring", self.env._("Certificates expiring soon"), certificates,
                                   [("is_expiring", "=", True)], "warning", 22)]
        return cards

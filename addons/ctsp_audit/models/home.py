from odoo import api, models


class Home(models.AbstractModel):
    """Cards of the audit administrator."""

    _inherit = "ctsp.home"

    @api.model
    def _cards(self):
        cards = super()._cards()
        if self.env.user.has_group("ctsp_base.group_audit_admin"):
            alerts = self.env["ctsp.audit.alert"].search_count([("state", "=", "open")])
            cards.append({
                "key": "audit_alerts", "title": self.env._("Audit alerts"), "count": alerts, "tone": "danger",
                "action": "ctsp_audit.ctsp_audit_alert_action", "sequence": 10})
        return cards

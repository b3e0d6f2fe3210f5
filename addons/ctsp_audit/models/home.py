from odoo import api, models


class Home(models.AbstractModel):
    """Cards of the audit administrator."""

    _inherit = "ctsp.home"

    @api.model
    def _cards(self):
        cards = super()._cards()
        if self.env.user.has_group("ctsp_base.group_audit_admin"):
            still_open = [("state", "=", "open")]
            cards.append(self._counted_card(
                "audit_alerts", self.env._("Audit alerts"), "ctsp_audit.ctsp_audit_alert_action", still_open,
                "danger", 10))
        return cards

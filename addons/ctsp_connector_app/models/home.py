from odoo import api, models


class Home(models.AbstractModel):
    """People of the APP who wait for an account, for the security administrator."""

    _inherit = "ctsp.home"

    @api.model
    def _cards(self):
        cards = super()._cards()
        if self.env.user.has_group("ctsp_base.group_security_admin"):
            pending = [("state", "=", "pending")]
            card = self._counted_card(
                "app_pending", self.env._("People of the APP without an account"),
                "ctsp_connector_app.ctsp_app_person_action", pending, "info", 23)
            if card["count"]:
                cards.append(card)
        return cards

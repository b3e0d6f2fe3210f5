from odoo import api, models
from odoo.fields import Domain


class Home(models.AbstractModel):
    """Items of the business platform that wait for a person, on the home screen."""

    _inherit = "ctsp.home"

    @api.model
    def _cards(self):
        cards = super()._cards()
        officer = self.env.user.has_group("ctsp_base.group_filing_officer")
        if officer or self.env.user.has_group("ctsp_base.group_planner"):
            waiting = Domain("state", "=", "unmatched") | Domain("attention", "!=", False)
            mine = Domain("kind", "!=" if officer else "=", "inspection")
            card = self._counted_card(
                "business_items", self.env._("Business items that wait for a person"),
                "ctsp_connector_business.ctsp_business_item_action", list(waiting & mine), "warning", 13)
            if card["count"]:
                cards.append(card)
        return cards

from odoo import api, models


class Home(models.AbstractModel):
    """Enterprises of tasks that a planner has to identify, on the home screen."""

    _inherit = "ctsp.home"

    @api.model
    def _cards(self):
        cards = super()._cards()
        if self.env.user.has_group("ctsp_base.group_planner"):
            unmatched = [("state", "=", "open"), ("unmatched_count", ">", 0)]
            card = self._counted_card(
                "admin_unmatched", self.env._("Tasks with unidentified enterprises"),
                "ctsp_connector_admin.ctsp_admin_task_action", unmatched, "warning", 39)
            if card["count"]:
                cards.append(card)
        return cards

from odoo import api, models


class Home(models.AbstractModel):
    """Enterprises of tasks that a planner has to identify, on the home screen."""

    _inherit = "ctsp.home"

    @api.model
    def _cards(self):
        cards = super()._cards()
        if self.env.user.has_group("ctsp_base.group_planner"):
            domain = [("state", "=", "open"), ("unmatched_count", ">", 0)]
            if count := self.env["ctsp.admin.task"].search_count(domain):
                window = self.env["ir.actions.act_window"]._for_xml_id("ctsp_connector_admin.ctsp_admin_task_action")
                cards.append({
                    "key": "admin_unmatched", "title": self.env._("Tasks with unidentified enterprises"),
                    "count": count, "tone": "warning", "sequence": 39,
                    "action": {**window, "domain": domain, "context": {}}})
        return cards

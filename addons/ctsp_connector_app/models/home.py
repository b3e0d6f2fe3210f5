from odoo import api, models


class Home(models.AbstractModel):
    """People of the APP who wait for an account, for the security administrator."""

    _inherit = "ctsp.home"

    @api.model
    def _cards(self):
        cards = super()._cards()
        if self.env.user.has_group("ctsp_base.group_security_admin"):
            domain = [("state", "=", "pending")]
            if count := self.env["ctsp.app.person"].search_count(domain):
                window = self.env["ir.actions.act_window"]._for_xml_id("ctsp_connector_app.ctsp_app_person_action")
                cards.append({
                    "key": "app_pending", "title": self.env._("People of the APP without an account"), "count": count,
                    "tone": "info", "sequence": 23, "action": {**window, "domain": domain, "context": {}}})
        return cards

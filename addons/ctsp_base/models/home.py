from odoo import api, fields, models
from odoo.exceptions import AccessError


class Home(models.AbstractModel):
    """Home screen: what waits for the person who signed in. The menus come from the web client itself."""

    _name = "ctsp.home"
    _description = "Home Screen"

    @api.model
    def _cards(self):
        """Return the counters of the current user; addons extend the list by ``_inherit``.

        Each card is ``{"key", "title", "count", "action", "tone", "sequence"}``: ``action`` an xml id or an action
        dictionary (a domain that gives the counted rows), ``tone`` one of ``info``, ``warning``, ``danger``.
        Return a card only to who may open its action; ``_counted_card`` makes one of a domain.
        """
        activities = self.env["mail.activity"].search_count([("user_id", "=", self.env.uid)])
        late = self.env["mail.activity"].search_count(
            [("user_id", "=", self.env.uid), ("date_deadline", "<", fields.Date.context_today(self))]
        )
        return [
            {"key": "activities", "title": self.env._("My to-dos"), "count": activities, "tone": "info",
             "action": "ctsp_base.my_activity_action", "sequence": 1},
            {"key": "late", "title": self.env._("Overdue"), "count": late, "tone": "danger",
             "action": "ctsp_base.my_activity_late_action", "sequence": 2},
        ]

    @api.model
    def _counted_card(self, key, title, action, domain, tone, sequence):
        """Return a card whose action (XML id of a window) shows exactly the records it counts."""
        window = self.env["ir.actions.act_window"]._for_xml_id(action)
        return {
            "key": key, "title": title, "count": self.env[window["res_model"]].search_count(domain), "tone": tone,
            "sequence": sequence, "action": {**window, "name": title, "domain": domain, "context": {}},
        }

    @api.model
    def home_data(self):
        """Return everything the home screen shows beside the menus, in one call (for people of the platform)."""
        if not self.env.user._is_internal():
            raise AccessError(self.env._("The home screen is for platform users."))
        cards = sorted(self._cards(), key=lambda card: card.get("sequence", 100))
        return {
            "name": self.env.user.name,
            "organisation": self.env.company.name,
            "roles": self._role_names(),
            "cards": cards,
        }

    @api.model
    def _role_names(self):
        category = self.env.ref("ctsp_base.module_category")
        # sudo: the user's own roles, by name
        return self.env.user.sudo().group_ids.filtered(lambda g: g.privilege_id.category_id == category).mapped("name")

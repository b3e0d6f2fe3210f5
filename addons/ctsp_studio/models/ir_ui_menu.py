from odoo import models, tools


class IrUiMenu(models.Model):
    """Menus are shown as the administrator customised them."""

    _inherit = "ir.ui.menu"

    @tools.ormcache()
    def _studio_customisations(self):
        """Return ``({menu id: shown name}, hidden menu ids)``."""
        # every user's menu follows the administrator's customisation, which only he may read
        customs = self.env["ctsp.studio.menu"].sudo().search([])
        return {c.menu_id.id: c.name for c in customs if c.name}, customs.filtered("hidden").menu_id.ids

    def _load_menus_blacklist(self):
        hidden = self._studio_customisations()[1]
        return super()._load_menus_blacklist() + self.sudo().search([("id", "child_of", hidden)]).ids

    def load_menus(self, debug):
        """Rename what the administrator renamed; the names of the others stay the addons'."""
        menus = super().load_menus(debug)
        names = self._studio_customisations()[0]
        return {
            key: dict(menu, name=names[key]) if key in names else menu
            for key, menu in menus.items()
        }

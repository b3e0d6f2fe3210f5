from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CtspStudioMenu(models.Model):
    """A renamed or hidden menu. Applied when menus are loaded, so upgrades of addons do not undo it."""

    _name = "ctsp.studio.menu"
    _inherit = ["ctsp.cached.mixin"]
    _description = "Menu Customisation"
    _order = "menu_id"
    _rec_name = "menu_id"

    menu_id = fields.Many2one("ir.ui.menu", string="Menu", required=True, ondelete="cascade", index=True)
    original_name = fields.Char(compute="_compute_original_name", string="Original Name")
    name = fields.Char(string="Shown As", help="Leave empty to keep the original name.")
    hidden = fields.Boolean(help="The menu and everything below it disappears for everybody.")
    active = fields.Boolean(default=True)

    _menu_unique = models.Constraint("UNIQUE(menu_id)", "This menu is customised already.")

    @api.depends("menu_id")
    def _compute_original_name(self):
        for custom in self:
            # the menu's own name, whatever groups may see the menu: the administrator of menus names all of them
            custom.original_name = custom.menu_id.sudo().name

    @api.constrains("hidden", "menu_id")
    def _check_not_own_door(self):
        own = self.env.ref("ctsp_studio.ctsp_studio_menu_menu", raise_if_not_found=False)
        while own:
            if own in self.filtered("hidden").menu_id:
                raise ValidationError(self.env._("%(menu)s leads to this screen and can't be hidden.", menu=own.name))
            own = own.parent_id

    def write(self, vals):
        if "menu_id" in vals and any(custom.menu_id.id != vals["menu_id"] for custom in self):
            raise UserError(self.env._("Menu: make a new customisation for another menu."))
        return super().write(vals)

from odoo import fields, models


class ActWindowView(models.Model):
    """Lets an action name the time view."""

    _inherit = "ir.actions.act_window.view"

    view_mode = fields.Selection(
        selection_add=[("ctsp_timeline", "Timeline")], ondelete={"ctsp_timeline": "cascade"})

from odoo import fields, models


class DeskEntry(models.Model):
    """One screen of the outside desk. Domain addons ship rows; share users are served these actions and no others."""

    _name = "ctsp.desk.entry"
    _description = "Entry of the Outside Desk"
    _order = "sequence, id"
    _integrity_fields = {1: ("active", "action_id", "group_ids", "in_menu")}

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    action_id = fields.Many2one(
        "ir.actions.act_window", string="Screen", required=True, ondelete="cascade",
        help="Give the action desk views of its own (view_ids) and a path; the path shows in the address bar.",
    )
    icon = fields.Char(default="fa-file-text-o", help="Font Awesome class of the symbol, e.g. fa-building-o")
    group_ids = fields.Many2many("res.groups", string="Only for", help="Empty: for all outside users")
    in_menu = fields.Boolean(
        string="In the Menu", default=True, help="Off: the screen is reached by a button of another one only",
    )
    new_label = fields.Char(
        string="Button for a New One", translate=True,
        help="Text of the button on the desk's first page that opens an empty form, e.g. “New change filing”",
    )

    _action_unique = models.Constraint("UNIQUE (action_id)", "This screen is on the desk already.")

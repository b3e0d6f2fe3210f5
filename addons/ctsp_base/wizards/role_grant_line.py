from odoo import fields, models


class RoleGrantLine(models.TransientModel):
    """One role in the dialog that grants roles: what it may do in plain words, and whether the account has it."""

    _name = "ctsp.role.grant.line"
    _description = "Grant Roles: Role"
    _order = "id"

    grant_id = fields.Many2one("ctsp.role.grant", required=True, ondelete="cascade")
    role_id = fields.Many2one("ctsp.role", required=True, readonly=True)
    granted = fields.Boolean()
    name = fields.Char("Role Name", related="role_id.name")
    kind = fields.Selection(related="role_id.kind")
    comment = fields.Text(related="role_id.comment")

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tools import SQL

from ..tools.separation import CATEGORY, check_security_admin

COMBINABLE = ("business", "personal", "custom")
WRITABLE = {"name", "comment", "combined_ids"}


class Role(models.Model):
    """Roles in plain words: a delegated screen on the groups of the platform's category.

    The security administrator reads what each role may do and makes new ones by combining existing ones; the roles
    of administrators, of outside users and of interfaces are not combined. Rows have the identifiers of
    ``res.groups``; create and write change that, after checks.
    """

    _name = "ctsp.role"
    _description = "Role"
    _auto = False
    _order = "kind_sequence, id"
    _depends = {"res.groups": ["privilege_id"], "res.groups.privilege": ["category_id"]}

    group_id = fields.Many2one("res.groups", readonly=True)
    name = fields.Char("Role", related="group_id.name", readonly=False, required=True)
    comment = fields.Text("What it may do", related="group_id.comment", readonly=False)
    kind = fields.Selection(
        [
            ("business", "Business"), ("custom", "Own Combination"), ("personal", "Personal Data"),
            ("administration", "Administration"), ("interface", "Interface"), ("outside", "Outside"),
        ],
        readonly=True, default="custom",
    )
    kind_sequence = fields.Integer(readonly=True)
    combined_ids = fields.Many2many(
        "ctsp.role", string="Combined From", compute="_compute_combined_ids",
        domain="[('kind', 'in', ('business', 'personal', 'custom'))]", readonly=False,
    )
    account_count = fields.Integer("Accounts", compute="_compute_account_count")

    @property
    def _table_query(self):
        category = self.env["ir.model.data"]._xmlid_to_res_id(CATEGORY)
        return SQL(
            """
            SELECT r.*, array_position(
                       ARRAY['business', 'custom', 'personal', 'administration', 'interface', 'outside'], r.kind
                   ) AS kind_sequence
              FROM (SELECT g.id, g.id AS group_id,
                           CASE d.name WHEN 'privilege_administration' THEN 'administration'
                                       WHEN 'privilege_interface' THEN 'interface'
                                       WHEN 'privilege_outside' THEN 'outside'
                                       WHEN 'privilege_personal_data' THEN 'personal'
                                       ELSE CASE WHEN d.id IS NULL THEN 'custom' ELSE 'business' END
                            END AS kind
                      FROM res_groups g
                      JOIN res_groups_privilege p ON p.id = g.privilege_id
                 LEFT JOIN ir_model_data d ON d.model = 'res.groups.privilege' AND d.res_id = p.id
                     WHERE p.category_id = %s) r
            """,
            category,
        )

    @api.depends("group_id.implied_ids")
    def _compute_combined_ids(self):
        roles = set(self.sudo().search([]).ids)  # sudo: roles are known to whoever may read this model
        for role in self:
            # sudo: groups are not readable for the security administrator
            ids = [group.id for group in role.sudo().group_id.implied_ids if group.id in roles]
            role.combined_ids = self.browse(ids)

    @api.depends("group_id.user_ids")
    def _compute_account_count(self):
        for role in self:
            role.account_count = len(role.sudo().group_id.user_ids)  # sudo: a count

    # ---- what the security administrator does (there is no table of its own: no super)

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        check_security_admin(self.env)
        created = []
        for vals in vals_list:
            if not vals.get("name"):
                raise ValidationError(self.env._("Role: give it a name."))
            combined = self._combined(vals.get("combined_ids"))
            # sudo: the security administrator has no right on groups; only combinable roles get here
            privilege = self.env["res.groups.privilege"].sudo().create({
                "name": vals["name"], "category_id": self.env.ref(CATEGORY).id, "sequence": 40,
            })
            group = self.env["res.groups"].sudo().create({
                "name": vals["name"], "comment": vals.get("comment"), "privilege_id": privilege.id,
                "implied_ids": [Command.set(combined.ids)],
            })
            created.append(group.id)
        return self.browse(created)

    def write(self, vals):  # pylint: disable=method-required-super
        check_security_admin(self.env)
        if unknown := vals.keys() - WRITABLE:
            raise AccessError(self.env._("Not to be changed on a role: %(fields)s", fields=", ".join(unknown)))
        values = {name: vals[name] for name in ("name", "comment") if name in vals}
        for role in self:
            role._check_custom()
            if "combined_ids" in vals:
                combined = role._combined(vals["combined_ids"], role.combined_ids)
                values["implied_ids"] = [Command.set(combined.ids)]
            role.group_id.sudo().write(values)  # sudo: checked above, see create
        self.invalidate_recordset()
        return True

    def unlink(self):  # pylint: disable=method-required-super
        check_security_admin(self.env)
        for role in self:
            role._check_unused()
            group = role.group_id.sudo()  # sudo: checked above, see create
            privilege = group.privilege_id
            group.unlink()
            privilege.unlink()
        return True

    def action_accounts(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ctsp_base.ctsp_account_action")
        return {**action, "domain": [("role_ids", "in", self.ids)], "context": {}}

    # ---- checks

    def _combined(self, commands, current=None):
        """Return the roles that x2many ``commands`` leave, refusing those that are not for combining."""
        ids = set((current or self.browse()).ids)
        for command in commands or []:
            operation, record_id, values = (*command, None, None)[:3]
            if operation == Command.SET:
                ids = set(values)
            elif operation == Command.CLEAR:
                ids = set()
            elif operation == Command.LINK:
                ids.add(record_id)
            elif operation == Command.UNLINK:
                ids.discard(record_id)
            else:
                raise AccessError(self.env._("Roles can only be combined here, not changed."))
        combined = self.search([("id", "in", list(ids))])
        if not combined or len(combined) != len(ids):
            raise ValidationError(self.env._("Combined From: choose at least one existing role."))
        for role in combined:
            if role.kind not in COMBINABLE or role in self:
                raise ValidationError(self.env._("Combined From: “%(role)s” cannot be combined.", role=role.name))
        return combined

    def _check_unused(self):
        self._check_custom()
        if self.account_count:
            raise UserError(self.env._("“%(role)s” is still granted: take it back first.", role=self.name))

    def _check_custom(self):
        if self.kind != "custom":
            raise AccessError(self.env._("“%(role)s” is a role of the platform and stays as it is.", role=self.name))

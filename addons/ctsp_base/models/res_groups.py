from odoo import api, models
from odoo.exceptions import ValidationError

from ..tools.separation import ADMINISTRATORS, ALMIGHTY, CATEGORY, groups

LOGGED = ("implied_ids", "implied_by_ids", "user_ids")


class ResGroups(models.Model):
    """Separation of powers where groups change: see ``tools.separation``."""

    _inherit = "res.groups"

    @api.model_create_multi
    def create(self, vals_list):
        created = super().create(vals_list)
        created._log_permission("created")
        return created

    def write(self, vals):
        changed = [name for name in LOGGED if name in vals]
        if changed:
            self._log_permission("changed", vals={name: str(vals[name]) for name in changed})
        return super().write(vals)

    def unlink(self):
        self._log_permission("deleted")
        return super().unlink()

    def _compute_full_name(self):
        """A role is called by its own name, not twice: the privilege it stands for has the same one."""
        super()._compute_full_name()
        for group in self:
            if group.sudo().privilege_id.name == group.name:  # sudo: a name
                group.full_name = group.name

    def _log_permission(self, action, **detail):
        if self.env.registry.ready:  # installing an addon is not a grant by somebody
            names = self.sudo().mapped("name")  # sudo: a name for the log
            self.env["ctsp.audit.port"]._log("permission", self, action=action, groups=names, **detail)

    @api.constrains("implied_ids", "implied_by_ids", "user_ids", "privilege_id")
    def _check_separation(self):
        """Any group may lie between a role and power, so all roles and all holders are checked."""
        self.env.registry.clear_cache("groups")  # as Odoo's own constraint: the closure below is cached
        self._check_roles_stay_small()
        self._check_administrators_apart()

    @api.model
    def _check_roles_stay_small(self):
        almighty, administrators = groups(self.env, ALMIGHTY), groups(self.env, ADMINISTRATORS)
        # sudo: the rule holds for all roles, also those the user may not read
        roles = self.sudo().search([("privilege_id.category_id", "=", self.env.ref(CATEGORY).id)])
        for role in roles:
            implied = role.all_implied_ids
            if power := implied & almighty:
                raise ValidationError(self.env._(
                    "The role “%(role)s” would lead to “%(group)s”: no role may.",
                    role=role.name, group=power[0].name,
                ))
            if len(implied & administrators) > 1:
                raise ValidationError(self.env._(
                    "The role “%(role)s” would join two administrators that exclude each other: %(groups)s.",
                    role=role.name, groups=", ".join((implied & administrators).mapped("name")),
                ))

    @api.model
    def _check_administrators_apart(self):
        administrators = groups(self.env, ADMINISTRATORS)
        users = self.env["res.users"].sudo().with_context(active_test=False)  # sudo: rule on all users
        for index, group in enumerate(administrators):
            others = administrators[index + 1:]
            found = others and users.search(
                [("all_group_ids", "in", group.ids), ("all_group_ids", "in", others.ids)], limit=1
            )
            if found:
                found._check_separation()

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.ctsp_base.tools.separation import ADMINISTRATORS, GUARDED, groups

GRANTABLE = ("business", "custom")
CONDITIONS = ("organisations", "posts", "app_roles")


class AppRule(models.Model):
    """Who of the APP gets an account by himself, and with which roles.

    A rule fits when each of its conditions does; the roles of all rules that fit are granted. Roles of administrators,
    of interfaces, of outside users and the right to personal data are never granted by rule.
    """

    _name = "ctsp.app.rule"
    _description = "Rule for Accounts from the APP"
    _inherit = ["ctsp.auth.sealed.mixin"]
    _order = "sequence, id"
    _audit_what = "write"
    _sealed_fields = (*CONDITIONS, "role_ids", "active")
    _integrity_fields = {1: _sealed_fields}

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    organisations = fields.Char(
        "Unit Codes", help="Codes of units in the APP, separated by commas; one of them has to be the person's.")
    posts = fields.Char(help="Posts in the APP, separated by commas; the person has to hold one of them.")
    app_roles = fields.Char(
        "Roles in the APP", help="Roles in the APP, separated by commas; the person has to hold one of them.")
    role_ids = fields.Many2many(
        "ctsp.role", "ctsp_app_rule_role_rel", "rule_id", "role_id", "Roles Here",
        domain=[("kind", "in", GRANTABLE)])
    person_count = fields.Integer("People", compute="_compute_person_count")

    def _compute_person_count(self):
        """How many known people the rule fits, by what the APP last said of them."""
        people = self.env["ctsp.app.person"].search([])
        for rule in self:
            rule.person_count = len(people.filtered(rule._fits_person))

    @api.constrains("organisations", "posts", "app_roles", "role_ids")
    def _check_rule(self):
        forbidden = groups(self.env, (*GUARDED, *ADMINISTRATORS, "ctsp_base.group_personal_data"))
        for rule in self:
            if not any(_parts(rule[name]) for name in CONDITIONS):
                raise ValidationError(self.env._(
                    "Rule “%(name)s”: name at least one unit, post or role of the APP.", name=rule.name))
            if not rule.role_ids:
                raise ValidationError(self.env._("Rule “%(name)s”: name the roles it grants.", name=rule.name))
            for role in rule.role_ids:
                group = role.sudo().group_id  # sudo: groups are not readable for the security administrator
                if role.kind not in GRANTABLE or (group | group.all_implied_ids) & forbidden:
                    raise ValidationError(self.env._(
                        "Roles Here: “%(role)s” is not granted by rule.", role=role.name))

    @api.model
    def _roles_for(self, said):
        """Return the roles that the rules grant to whom the APP describes."""
        rules = self.sudo().search([])._holds().sudo()  # sudo: nobody is signed in yet
        fitting = rules.filtered(lambda rule: rule._fits((said.organisation,), said.posts, said.roles))
        return fitting.role_ids

    def _fits_person(self, person):
        return self._fits((person.organisation or "",), _parts(person.posts), _parts(person.app_roles))

    def _fits(self, *held):
        for name, values in zip(CONDITIONS, held, strict=True):
            wanted = _parts(self[name])
            if wanted and not wanted & set(values):
                return False
        return True


def _parts(text):
    """Return the parts of a list in one line; Chinese commas are as good."""
    for comma in "，、;；":
        text = (text or "").replace(comma, ",")
    return {part.strip() for part in (text or "").split(",") if part.strip()}

import logging

from odoo import api, fields, models, tools

_logger = logging.getLogger(__name__)
ADMINISTRATORS = ("system", "security", "audit")
STRICTNESS = ("one", "two", "certificate")


class AuthRule(models.Model):
    """What a role asks for at sign-in. Without a rule one factor is enough; of several roles the strictest counts.

    GB/T 22239-2019 8.1.4.1 d: two or more kinds of identification, one of them cryptographic.
    """

    _name = "ctsp.auth.rule"
    _description = "Factors Asked For"
    _inherit = ["ctsp.cached.mixin", "ctsp.auth.sealed.mixin"]
    _order = "id"
    _rec_name = "role_id"
    _audit_what = "write"
    _sealed_fields = ("group_number", "factor")
    _integrity_fields = {1: ("role_id", "factor"), 2: ("role_id", "factor", "signs")}

    role_id = fields.Many2one("ctsp.role", required=True, ondelete="cascade", index=True)
    group_number = fields.Integer(compute="_compute_group_number", store=True)
    factor = fields.Selection(
        [("one", "One Factor"), ("two", "Two Factors (password and code, or certificate)"),
         ("certificate", "Certificate")],
        required=True, default="two")
    signs = fields.Boolean(
        "Signs with Own Certificate",
        help="Steps that bind (approving a filing, handing in an inspection, finalising a paper) go through only with "
             "a signature by the person's own certificate.")
    note = fields.Char()

    _role_unique = models.Constraint("UNIQUE(role_id)", "There is a rule for this role already.")

    @api.depends("role_id")
    def _compute_group_number(self):
        for rule in self:
            rule.group_number = rule.role_id.id  # roles have the identifiers of their groups

    @api.model
    @tools.ormcache()
    def _by_group(self):
        """Return ``{group identifier: factor}``. A rule that was altered or taken away past the platform counts as the
        strictest, for the role its evidence names; where none can be told, for all.
        """
        rules = self.sudo().search([])  # sudo: whoever signs in
        asked = {rule.group_number: rule.factor for rule in rules._holds()}
        return asked | dict.fromkeys(self._groups_altered(rules), STRICTNESS[-1])

    @api.model
    def _bare_roles(self):
        """Return the three administrators' roles that one factor opens: an assessor asks for two of them at least."""
        asked = self._by_group()
        roles = [self.env.ref(f"ctsp_base.group_{name}_admin").id for name in ADMINISTRATORS]
        return [role for role in roles if asked.get(role, STRICTNESS[0]) == STRICTNESS[0]]

    @api.model
    @tools.ormcache()
    def _signing_groups(self):
        """Return the identifiers of the groups whose members sign with their own certificates; altered rules likewise
        count as the strictest.
        """
        rules = self.sudo().search([])  # sudo: whoever works
        signing = rules._holds().filtered("signs").mapped("group_number")
        return frozenset([*signing, *self._groups_altered(rules)])

    @api.model
    def _groups_altered(self, rules):
        """Return the groups whose rules were altered or taken away past the platform."""
        findings = self.env["ctsp.integrity"]._check_all(self._name)
        altered = {found.res_id for found in findings} | set((rules - rules._holds()).ids)
        altered -= {found.res_id for found in findings if found.kind == "added"}  # these ask for nothing
        if not altered:
            return []
        _logger.error("rules of factors were altered outside the platform: %s", sorted(altered))
        return self._groups_meant(altered)

    @api.model
    def _groups_meant(self, ids):
        groups = self.env["res.groups"].sudo().search([]).ids  # sudo: as above
        meant = self.env["ctsp.integrity"]._as_put_down(self._name, ids, "role_id", {one: str(one) for one in groups})
        return [*meant.values()] if meant.keys() == set(ids) else groups

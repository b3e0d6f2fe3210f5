from odoo import api, fields, models, tools

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

    role_id = fields.Many2one("ctsp.role", required=True, ondelete="cascade", index=True)
    group_number = fields.Integer(compute="_compute_group_number", store=True)
    factor = fields.Selection(
        [("one", "One Factor"), ("two", "Two Factors (password and code, or certificate)"),
         ("certificate", "Certificate")],
        required=True, default="two")
    note = fields.Char()

    _role_unique = models.Constraint("UNIQUE(role_id)", "There is a rule for this role already.")

    @api.depends("role_id")
    def _compute_group_number(self):
        for rule in self:
            rule.group_number = rule.role_id.id  # roles have the identifiers of their groups

    @api.model
    @tools.ormcache()
    def _by_group(self):
        """Return ``{group identifier: factor}``."""
        rules = self.sudo().search([])  # sudo: whoever signs in
        return {rule.group_number: rule.factor for rule in rules}

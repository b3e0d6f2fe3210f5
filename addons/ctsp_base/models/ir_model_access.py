from odoo import api, models, tools
from odoo.exceptions import AccessError
from odoo.tools import SQL

OUTSIDE_STOCK = frozenset({
    "res.users", "res.partner", "res.company", "res.lang", "res.currency", "res.country", "res.country.state",
    "ir.filters",
})
"""Odoo's own models that a share user may read (own records, by Odoo's record rules)."""


class IrModelAccess(models.Model):
    """Access rights: share users have those we gave to them, and refusals are said in plain words."""

    _inherit = "ir.model.access"

    def _get_allowed_models(self, mode="read"):
        """Leave to share users the rights our own groups give; of the portal's, reading a few models.

        Odoo gives every portal user rights on messages, channels, filters and API keys, which nobody here needs and
        which have been ways in before.
        """
        allowed = super()._get_allowed_models(mode)
        if self.env.su or not self.env.user._is_portal():
            return allowed
        return allowed & (self._outside_models(mode) | (OUTSIDE_STOCK if mode == "read" else frozenset()))

    @api.model
    @tools.ormcache("mode", cache="stable")
    def _outside_models(self, mode):
        """Return the models on which a group made for outside users has the right ``mode``."""
        group = self.env.ref("ctsp_base.group_institution_user").sudo()  # set-up, not business data
        rows = self.env.execute_query(SQL(
            """SELECT DISTINCT model.model FROM ir_model_access AS access JOIN ir_model AS model ON model.id = model_id
                WHERE access.active AND access.%s AND access.group_id IN %s""",
            SQL.identifier(f"perm_{mode}"), tuple((group | group.all_implied_by_ids).ids),
        ))
        return frozenset(name for name, in rows)

    @api.model
    def _ctsp_refusal(self, operation, model_name):
        """Return the sentence a refused user reads."""
        label = self.env["ir.model"]._get(model_name).name or model_name
        sentences = {
            "read": self.env._("You may not see this “%(model)s”: it is not among your records.", model=label),
            "write": self.env._("You may not change this “%(model)s”.", model=label),
            "create": self.env._("You may not create a “%(model)s”.", model=label),
            "unlink": self.env._("You may not delete this “%(model)s”.", model=label),
        }
        return sentences[operation]

    def _make_access_error(self, model, mode):
        if self.env.user._is_internal():
            return super()._make_access_error(model, mode)
        return AccessError(self._ctsp_refusal(mode, model))

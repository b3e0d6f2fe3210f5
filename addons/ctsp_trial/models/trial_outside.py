from odoo import api, fields, models

from odoo.addons.ctsp_base.models.owned_mixin import STAFF_FIELDS


class Trial(models.Model):
    """A trial as the users of an institution see it: theirs when their institution takes part, and read only."""

    _name = "ctsp.trial"
    _inherit = ["ctsp.trial"]

    is_own = fields.Boolean(
        string="Own Institution Takes Part", compute="_compute_is_own", search="_search_is_own",
        help="For the record rule of institution users.")

    @api.model
    def _own_parts(self):
        """Return the domain of the parts of the user's organisation."""
        return [("owner_partner_id", "=", self.env.user.sudo().partner_id.commercial_partner_id.id)]

    @api.depends_context("uid")
    def _compute_is_own(self):
        # superuser: a share user may read his own partner only, and the rule is judged before his rights
        parts = self.env["ctsp.trial.site"].sudo().search([*self._own_parts(), ("trial_id", "in", self.ids)])
        for trial in self:
            trial.is_own = trial._origin in parts.trial_id

    def _search_is_own(self, operator, value):
        """Trials of the user's organisation, by the index (owner, trial) of the parts.

        A field of its own, since a rule over ``site_ids`` would leave all parts of a trial in the cache, where the
        user's form would find them.
        """
        if operator != "in":
            return NotImplemented
        parts = self.env["ctsp.trial.site"].sudo()._search(self._own_parts())
        return [("id", "in", parts.subselect("trial_id"))]

    def _has_field_access(self, field, operation):
        """Who of the staff keeps a trial is no business of institutions, nor is a field added for the regulator."""
        if not super()._has_field_access(field, operation):
            return False
        # asked for every value that is read: the field first, the user only where it matters
        closed = field.name in STAFF_FIELDS or getattr(field, "ctsp_outside", None) == "hidden"
        return not closed or self.env.su or self.env.user._is_internal()

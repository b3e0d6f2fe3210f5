from odoo import api, models


class PartMixin(models.AbstractModel):
    """A part of what people hand in (a filing, a report): fixed for everybody once the whole is handed in.

    The whole is found by ``_desk_parent``, its open states are ``_desk_states``. The superuser passes: approval,
    pre-filling and migrations write parts of what is closed.
    """

    _name = "ctsp.part.mixin"
    _description = "Part of What Is Handed In"
    _inherit = ["ctsp.owned.mixin"]

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts._desk_whole()._check_not_handed_in()
        return parts

    def write(self, vals):
        self._desk_whole()._check_not_handed_in()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_open(self):
        self._desk_whole()._check_not_handed_in()

    def _desk_whole(self):
        """Return what these records are parts of."""
        parents = self[self._desk_parent]
        return parents._desk_whole() if parents._desk_parent else parents

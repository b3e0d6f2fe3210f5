from odoo import api, models


class PartMixin(models.AbstractModel):
    """A part of what people hand in (a filing, a report): fixed for everybody once the whole is handed in.

    The whole is found by ``_desk_parent``, its open states are ``_desk_states``. The superuser passes: approval,
    pre-filling and migrations write parts of what is closed.
    """

    _name = "ctsp.part.mixin"
    _description = "Part of What Is Handed In"
    _inherit = ["ctsp.owned.mixin", "ctsp.fixed.mixin"]

    def _fixed_whole(self):
        parents = self[self._desk_parent]
        return parents._fixed_whole() if parents._desk_parent else parents

    @api.model
    def _check_whole(self, whole):
        whole._check_not_handed_in()

from odoo import api, models


class FixedMixin(models.AbstractModel):
    """Rows of a clause library: fixed, for everybody, once the library is published.

    A correction is made in the next version.
    """

    _name = "ctsp.clause.fixed.mixin"
    _description = "Content of a Clause Library"
    _inherit = ["ctsp.fixed.mixin"]
    _fixed_by = "library_id"
    _fixed_for_superuser = True

    @api.model
    def _check_whole(self, whole):
        whole._check_unpublished()

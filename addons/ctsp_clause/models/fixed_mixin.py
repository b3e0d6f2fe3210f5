from odoo import api, models


class FixedMixin(models.AbstractModel):
    """Rows of a clause library: fixed, for everybody, once the library is published.

    ``_fixed_fields`` names the content; other fields stay open. A correction is made in the next version.
    """

    _name = "ctsp.clause.fixed.mixin"
    _description = "Content of a Clause Library"

    _fixed_fields = ()

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._check_open()
        return rows

    def write(self, vals):
        if set(self._fixed_fields) & vals.keys():
            self._check_open()
            result = super().write(vals)
            self._check_open()
            return result
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self._check_open()

    def _check_open(self):
        self.library_id._check_unpublished()

from odoo import api, models

from ..tools.turns import take_turns


class FixedMixin(models.AbstractModel):
    """Rows that are fixed once the record they are part of is: handed in, drawn, published, closed.

    Whoever writes a row and whoever makes a step of the whole take turns, so that no row slips in while it is made.
    Screens that only read ask nothing.

    Declarations of a class:

    - ``_fixed_by``: the many2one to the whole (or override :meth:`_fixed_whole`)
    - ``_fixed_fields``: names of the content; other fields stay open. Everything by default
    - ``_fixed_for_superuser``: whether engine code is bound as well
    - :meth:`_check_whole`: raises, in words of its own, when the whole is fixed
    """

    _name = "ctsp.fixed.mixin"
    _description = "Row Fixed with Its Whole"

    _fixed_by = None
    _fixed_fields = None
    _fixed_for_superuser = False

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._refuse_if_fixed()
        return rows

    def write(self, vals):
        if self._fixed_fields is not None and not set(self._fixed_fields) & vals.keys():
            return super().write(vals)
        self._refuse_if_fixed()
        result = super().write(vals)
        if self._fixed_by in vals:
            self._refuse_if_fixed()  # nor is a row moved to where it would be fixed
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_fixed(self):
        self._refuse_if_fixed()

    def _refuse_if_fixed(self):
        if self.env.su and not self._fixed_for_superuser:
            return
        whole = self._fixed_whole()
        take_turns(whole)
        self._check_whole(whole)

    def _fixed_whole(self):
        """Return what these rows are parts of."""
        return self[self._fixed_by]

    @api.model
    def _check_whole(self, whole):
        """Raise when ``whole`` is fixed."""
        raise NotImplementedError

from odoo import api, models
from odoo.exceptions import AccessError


class AppendMixin(models.AbstractModel):
    """Rows that the platform alone writes, past the ORM: the ORM refuses create, write and unlink to everybody."""

    _name = "ctsp.append.mixin"
    _description = "Append-Only Rows"

    # no super: nothing may get through

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        self._refuse_change()

    def write(self, vals):  # pylint: disable=method-required-super
        self._refuse_change()

    def unlink(self):  # pylint: disable=method-required-super
        self._refuse_change()

    @api.model
    def _refuse_change(self):
        """Hook: raise what people are told."""
        raise AccessError(self.env._(
            "“%(what)s” is written by the platform alone: nobody can create, change or delete rows by hand.",
            what=self.env["ir.model"]._get(self._name).sudo().name))  # sudo: the name of a model

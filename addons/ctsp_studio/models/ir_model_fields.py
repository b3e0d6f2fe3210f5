from odoo import fields, models

CLEAR_READERS = "ctsp_base.group_personal_data,ctsp_base.group_institution_user"


class IrModelFields(models.Model):
    """A field added on screen may hold personal data; it is then readable like the built-in personal fields."""

    _inherit = "ir.model.fields"

    ctsp_personal = fields.Boolean(string="Holds Personal Data", readonly=True)

    def _instanciate_attrs(self, field_data):
        attrs = super()._instanciate_attrs(field_data)
        if attrs and field_data.get("ctsp_personal"):
            attrs["groups"] = CLEAR_READERS
        return attrs

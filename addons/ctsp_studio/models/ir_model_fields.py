from odoo import fields, models

CLEAR_READERS = "ctsp_base.group_personal_data,ctsp_base.group_institution_user"


class IrModelFields(models.Model):
    """What the field of a model knows of the administrator's wishes: personal data, and what institutions may do.

    A personal one is readable like the built-in personal fields; ``ctsp_outside`` is obeyed by ``ctsp.owned.mixin``.
    """

    _inherit = "ir.model.fields"

    ctsp_personal = fields.Boolean(string="Holds Personal Data", readonly=True)
    ctsp_outside = fields.Char(string="For Institutions", readonly=True)

    def _instanciate_attrs(self, field_data):
        attrs = super()._instanciate_attrs(field_data)
        if attrs and field_data.get("ctsp_personal"):
            attrs["groups"] = CLEAR_READERS
        if attrs and field_data.get("ctsp_outside"):
            attrs["ctsp_outside"] = field_data["ctsp_outside"]
        return attrs

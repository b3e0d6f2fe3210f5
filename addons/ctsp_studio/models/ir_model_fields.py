from odoo import api, fields, models
from odoo.orm.model_classes import pop_field
from odoo.tools import SQL, sql

from odoo.addons.ctsp_base.tools.personal import SUFFIX
from odoo.addons.ctsp_crypto.fields import EncryptedChar, EncryptedDate, EncryptedText
from odoo.addons.ctsp_crypto.models.executable import FIELD
from odoo.addons.ctsp_crypto.tools import naming

CLEAR_READERS = "ctsp_base.group_personal_data,ctsp_base.group_institution_user"
#: type of a personal column → how it is masked, the class that keeps it, and how it is found
SEALED = {
    "char": ("text", EncryptedChar, {"blind": "code"}),
    "text": ("text", EncryptedText, {}),
    "date": ("date", EncryptedDate, {"blind": "exact"}),
}
KEY = "ctsp_encrypted_%s"
fields.Field._by_type__ |= {KEY % kind: cls for kind, (_mask, cls, _options) in SEALED.items()}


class IrModelFields(models.Model):
    """What the field of a model knows of the administrator's wishes: personal data, and what institutions may do.

    A personal one is like the built-in personal fields: read by the same people, masked for others, logged, and
    encrypted in its column; ``ctsp_outside`` is obeyed by ``ctsp.owned.mixin``.
    """

    _inherit = "ir.model.fields"
    _integrity_fields = {1: FIELD, 2: (*FIELD, "ctsp_personal", "ctsp_outside")}

    ctsp_personal = fields.Boolean(string="Holds Personal Data", readonly=True)
    ctsp_outside = fields.Char(string="For Institutions", readonly=True)

    @api.model
    def _get_manual_field_data(self, model_name):
        """Have personal columns made of the encrypted classes: Odoo chooses the class by the name of the type."""
        return {
            name: {**data, "ttype": KEY % data["ttype"]} if self._is_sealed(data) else data
            for name, data in super()._get_manual_field_data(model_name).items()}

    @api.model
    def _is_sealed(self, data):
        return bool(data.get("ctsp_personal")) and data["ttype"] in SEALED

    def _instanciate_attrs(self, field_data):
        kind = field_data["ttype"].removeprefix(KEY % "")
        attrs = super()._instanciate_attrs({**field_data, "ttype": kind})
        if attrs and field_data.get("ctsp_personal"):
            attrs["groups"] = CLEAR_READERS
            if kind in SEALED:
                mask, _cls, options = SEALED[kind]
                attrs |= {"ctsp_personal": mask, **options}
                attrs.pop("index", None)
        if attrs and field_data.get("ctsp_outside"):
            attrs["ctsp_outside"] = field_data["ctsp_outside"]
        return attrs

    def _drop_column(self):
        """Take what was made for a personal column along with it: its masked companion and its blind index."""
        for column in self.filtered(lambda column: column.ctsp_personal and column.model in self.env):
            model_cls, index = self.env.registry[column.model], naming.index(column.name)
            for name in (column.name + SUFFIX, index):
                if name in model_cls._fields:
                    pop_field(model_cls, name)
            if sql.column_exists(self.env.cr, model_cls._table, index):
                self.env.cr.execute(SQL(
                    "ALTER TABLE %s DROP COLUMN %s", SQL.identifier(model_cls._table), SQL.identifier(index)))
        return super()._drop_column()

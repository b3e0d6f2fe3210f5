from odoo import api, models
from odoo.models import MAGIC_COLUMNS

IMPORTED_TYPES = (
    "char", "text", "selection", "boolean", "integer", "float", "monetary", "date", "datetime", "many2one", "many2many",
)
NEVER = ("state", "active", "tag_ids", "owner_partner_id", "company_id")
NEVER_STARTS = ("message_", "activity_", "my_activity_", "website_message_", "rating_", "integrity_")


class ImportMixin(models.AbstractModel):
    """Import from xlsx and csv with a dry run and an undo; see docs/kernel.md.

    ``_import_keys``: how an existing record is found, the strongest first; a key is a field name or a tuple of them.
    ``_import_fields``: what may be imported; all plain writable fields when not given.
    """

    _name = "ctsp.import.mixin"
    _description = "Import Mixin"

    _import_keys = ("name",)
    _import_fields = None

    @api.model
    def _import_field_names(self):
        """Return the names of the fields the current user may import, in the order of the template."""
        names = self._import_fields or [name for name, field in self._fields.items() if self._is_importable(field)]
        return [name for name in names if self._has_field_access(self._fields[name], "write")]

    @api.model
    def _is_importable(self, field):
        if field.name in (*NEVER, *MAGIC_COLUMNS) or field.name.startswith(NEVER_STARTS) or field.inherited:
            return False
        return field.store and field.type in IMPORTED_TYPES and not field.readonly and not field.related

    @api.model
    def _import_prepare(self, values, record):
        """Hook: return the values to create (``record`` is empty) or write, made from those of the file."""
        return values

    @api.model
    def _import_example(self):
        """Hook: return ``{field name: text}`` for the example row of the template."""
        return {}

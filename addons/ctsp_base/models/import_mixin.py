from odoo import api, models
from odoo.models import MAGIC_COLUMNS

from ..tools.import_places import Place, paths

IMPORTED_TYPES = (
    "char", "text", "selection", "boolean", "integer", "float", "monetary", "date", "datetime", "many2one", "many2many",
)
NEVER = ("state", "active", "tag_ids", "owner_partner_id", "company_id")
NEVER_STARTS = ("message_", "activity_", "my_activity_", "website_message_", "rating_", "integrity_")


class ImportMixin(models.AbstractModel):
    """Import from xlsx and csv with a dry run and an undo; see docs/kernel.md.

    ``_import_keys``: how an existing record is found, the strongest first; a key is a field name or a tuple of them.
    ``_import_blank``: fields of a key, never its first, that may be empty: empty then means empty.
    ``_import_fields``: what may be imported; all plain writable fields when not given.
    ``_import_scopes``: link → fields of the linked records that narrow it down, e.g. people by their institution;
    as a dict with the path of the column that gives each, where another link brings it.
    ``_import_by_parts``: links without a name of their own, found by what narrows them down alone.
    ``_import_lookup``: further fields by which a cell may name a record of this model.
    ``_import_part_of``: another model in whose lists the import is offered, too; for rows without a list of their own.
    ``_import_headers``: field → headers under which files bring it, besides its label.
    """

    _name = "ctsp.import.mixin"
    _description = "Import Mixin"

    _import_keys = ("name",)
    _import_blank = ()
    _import_fields = None
    _import_scopes = {}
    _import_by_parts = ()
    _import_lookup = ()
    _import_part_of = None
    _import_headers = {}

    @api.model
    def _import_value_names(self):
        """Return the names of the model's own fields that an import may fill, in the order of the template."""
        return self._import_fields or [name for name, field in self._fields.items() if self._is_importable(field)]

    @api.model
    def _import_field_names(self):
        """Return the columns the current user may import: own fields, and paths that narrow a link down."""
        return paths(self)

    @api.model
    def _import_synonyms(self):
        """Return ``{other header: column}``; a header that several columns know belongs to the first."""
        found = {}
        for path in self._import_field_names():
            for header in Place(self, path).headers():
                found.setdefault(header, path)
        return found

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

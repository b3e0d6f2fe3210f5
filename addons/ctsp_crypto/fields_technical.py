"""Columns that stand beside encrypted fields; ``ctsp.encrypted.mixin`` alone fills them."""
from psycopg2 import Binary as PgBinary

from odoo import fields

from .tools import columns


class RowUuid(fields.Char):
    """The immutable random identity of a row, which its ciphertexts are bound to."""

    _column_type = ("uuid", "uuid")
    copy = False
    readonly = True
    exportable = False
    export_string_translation = False

    def update_db_column(self, model, column):
        super().update_db_column(model, column)
        columns.default_uuid(model)

    def update_db_notnull(self, model, column):
        """Each row has one, though nobody is asked for it: the field itself is not required."""
        if not column or column["is_nullable"] == "YES":
            columns.fill_uuids(model)


class BlindIndex(fields.Char):
    """Keyed digest of an encrypted field's normalised value."""

    _column_type = ("bytea", "bytea")
    copy = False
    readonly = True
    exportable = False
    prefetch = False
    export_string_translation = False
    index = "btree_not_null"

    def convert_to_column_insert(self, value, record, values=None, validate=True):
        return PgBinary(value) if value else None

    def convert_to_cache(self, value, record, validate=True):
        return value or None


class BlindPrefixes(BlindIndex):
    """Keyed digests of the declared beginnings of a value."""

    _column_type = ("_bytea", "bytea[]")
    index = None

    def convert_to_column_insert(self, value, record, values=None, validate=True):
        return [PgBinary(one) for one in value] if value else None

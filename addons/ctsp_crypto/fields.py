"""Field types whose column holds ciphertext: declared like any other field, encrypted and decrypted in batches.

In the cache of the ORM, and so for all code, a value is clear; in the database it is SM4-GCM, bound to model, field
and the row's ``crypto_uuid``. What is read is decrypted when the rows of one query enter the cache, one call of the
provider per field; what is written is encrypted by ``ctsp.encrypted.mixin`` when a batch is inserted or flushed.
Decision: ``docs/decisions/0011-encrypted-fields.md``. Rule: GB/T 39786-2021 8.4 (storage, confidentiality).
"""
import json
from datetime import date

from psycopg2 import Binary as PgBinary

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import SQL, json_default

from .tools import columns, naming, normal, sealing


class Encrypted:
    """What all encrypted types share. A class with such a field inherits ``ctsp.encrypted.mixin``.

    :param blind: how a value is normalised before its keyed digest (a key of ``tools.normal.FORMS``); without it
        the field can be searched for set and unset only
    :param purpose: the key that encrypts (``ctsp.crypto.purpose``); ``index_purpose`` that of the blind index
    :param prefixes: lengths of beginnings that can be searched for as well. Each tells which rows begin alike:
        declare none without need
    :param replaces: a clear field of an addon below, whose column this one takes over; there it becomes related to
        this one. (Redeclaring the field itself would have its column turned back whenever that addon is updated.)
    """

    _column_type = ("bytea", "bytea")
    aggregator = None
    purpose = "personal.data"
    index_purpose = "personal.index"
    blind = None
    prefixes = ()
    replaces = None
    prefetch = "ctsp_encrypted"  # read together, but only when one of them is asked for

    # ---- clear values and bytes

    def _to_bytes(self, value):
        """Return a cache value as bytes, None for nothing to encrypt."""
        return value.encode() if value else None

    def _from_bytes(self, content):
        """Return the cache value of decrypted bytes."""
        return content.decode()

    def _normalised(self, value):
        """Return the form under which ``value`` is indexed, "" for none."""
        return normal.FORMS[self.blind](str(value)) if value else ""

    # ---- what views are told; Odoo calls these for pivots, graphs and group-bys

    def _description_sortable(self, env):
        return False

    def _description_groupable(self, env):
        return False

    def _description_aggregator(self, env):
        return None

    # ---- set-up

    def setup_nonrelated(self, model):
        super().setup_nonrelated(model)
        if self.store and not model._abstract:
            if naming.UUID not in model._fields:
                raise TypeError(f"{model._name}.{self.name} is encrypted: inherit ctsp.encrypted.mixin")
            if self.index or getattr(self, "translate", False) or self.company_dependent:
                raise TypeError(f"{model._name}.{self.name}: no index, translation or company value of ciphertext")

    def setup_related(self, model):
        super().setup_related(model)
        if self.store:
            raise TypeError(f"{model._name}.{self.name}: a stored copy of an encrypted field")

    def update_db(self, model, columns_):
        """Set a clear column of an older release aside; it is encrypted once the tables are complete."""
        columns_ = columns.set_aside(self, model, columns_)
        return super().update_db(model, columns_)

    # ---- from the database: rows of one query are decrypted together

    def to_sql(self, model, alias):
        """Select the ciphertext behind the row's identity, which it is bound to."""
        column = super().to_sql(model, alias)
        return SQL("(uuid_send(%s) || %s)", SQL.identifier(alias, naming.UUID), column)

    def _insert_cache(self, records, values):
        if self._is_size_only(records.env):
            return super()._insert_cache(records, values)
        known = self._get_cache(records.env)
        rows = [(id_, value) for id_, value in zip(records._ids, values, strict=True) if id_ not in known]
        sealed = [(id_, bytes(value)) for id_, value in rows if value is not None]
        opened = dict(zip((id_ for id_, _ in sealed), sealing.opened(self, records, sealed), strict=True))
        return super()._insert_cache(
            records.browse([id_ for id_, _ in rows]), [opened.get(id_) for id_, _ in rows])

    def _is_size_only(self, env):
        return False

    def convert_to_record(self, value, record):
        if isinstance(value, sealing.Broken):
            return value.told(self, record)
        return super().convert_to_record(value, record)

    # ---- to the database: see ctsp.encrypted.mixin

    def convert_to_column_insert(self, value, record, values=None, validate=True):
        if isinstance(values, sealing.Stored):
            return PgBinary(values.sealed[self.name]) if self.name in values.sealed else None
        if self._to_bytes(self.convert_to_cache(value, record, validate)) is None:
            return None
        raise TypeError(f"{self}: a value is encrypted with its row only")

    def get_column_update(self, record):
        """Hand the clear value on; ``_write_multi`` of the mixin encrypts the whole batch."""
        return record.env.transaction.field_data[self][record.id]

    # ---- searching

    def condition_to_sql(self, field_expr, operator, value, model, alias, query):
        """Translate equality into the blind index; beginnings where they are declared; refuse everything else."""
        column = SQL.identifier(alias, self.name, to_flush=self)
        if field_expr == self.name and operator in ("in", "not in") and not isinstance(value, SQL):
            return self._equality_to_sql(column, operator == "in", value, model, alias)
        if field_expr == self.name and operator in ("=like", "=ilike"):
            return self._beginning_to_sql(column, value, model, alias)
        raise self._refusal(model.env)

    def _equality_to_sql(self, column, positive, values, model, alias):
        with_empty = any(not value for value in values)
        filled = [value for value in values if value]
        if filled and not self.blind:
            raise self._refusal(model.env)
        wanted = tuple(map(PgBinary, sealing.blinds(self, model, [self._normalised(value) for value in filled])))
        terms = [SQL("%s IS NULL", column)] if with_empty else []
        if wanted:
            index = SQL.identifier(alias, naming.index(self.name), to_flush=self)
            terms.append(SQL("%s IN %s", index, wanted) if positive else SQL("(%s IN %s) IS TRUE", index, wanted))
        result = SQL(" OR ").join(terms) if terms else SQL("FALSE")
        return SQL("(%s)", result) if positive else SQL("NOT (%s)", result)

    def _beginning_to_sql(self, column, pattern, model, alias):
        beginning = self._beginning(pattern, model.env)
        if beginning is None:
            return self._equality_to_sql(column, True, [pattern], model, alias)
        index = SQL.identifier(alias, naming.prefix(self.name), to_flush=self)
        wanted = [PgBinary(one) for one in sealing.blinds(self, model, [beginning], naming.prefix)]
        return SQL("%s && %s", index, wanted)

    def _beginning(self, pattern, env):
        """Return the beginning that ``pattern`` (``138%``) asks for, None for a whole value; refuse all else."""
        plain = pattern.removesuffix("%")
        if "%" in plain or "_" in plain or not self.blind:
            raise self._refusal(env)
        if plain == pattern:
            return None
        beginning = self._normalised(plain)
        if len(beginning) not in self.prefixes:
            raise self._refusal(env)
        return beginning

    def filter_function(self, records, field_expr, operator, value):
        """Filter in memory as the database does: by the normalised value."""
        if field_expr != self.name:
            raise self._refusal(records.env)
        if operator == "in":
            if not self.blind and any(value):
                raise self._refusal(records.env)
            wanted = {self._normalised(one) for one in value if one} - {""}
            with_empty = any(not one for one in value)
            return lambda record: (
                bool(wanted) and self._normalised(found) in wanted if (found := record[self.name]) else with_empty)
        if operator in ("=like", "=ilike"):
            beginning = self._beginning(value, records.env)
            if beginning is None:
                return self.filter_function(records, field_expr, "in", [value])
            return lambda record: self._normalised(record[self.name]).startswith(beginning)
        raise self._refusal(records.env)

    def _refusal(self, env):
        label = self._description_string(env)
        if not self.blind:
            return UserError(env._("“%(field)s” is stored encrypted and cannot be searched.", field=label))
        if self.prefixes:
            return UserError(env._(
                "“%(field)s” is stored encrypted: search for the whole value, or for its first %(lengths)s characters.",
                field=label, lengths="/".join(map(str, self.prefixes))))
        return UserError(env._(
            "“%(field)s” is stored encrypted: search for the whole value; parts of it cannot be searched.",
            field=label))


class EncryptedChar(Encrypted, fields.Char):
    """A short text: name, number, address."""


class EncryptedText(Encrypted, fields.Text):
    """A long text; not searched, but for set and unset."""


class EncryptedDate(Encrypted, fields.Date):
    """A date; found by the day, never by a span."""

    def _to_bytes(self, value):
        return value.isoformat().encode() if value else None

    def _from_bytes(self, content):
        return date.fromisoformat(content.decode())

    def _normalised(self, value):
        found = fields.Date.to_date(value)
        return found.isoformat() if found else ""


class EncryptedJson(Encrypted, fields.Json):
    """Unstructured information, for the parts of a snapshot that hold personal data."""

    def _to_bytes(self, value):
        return json.dumps(value, ensure_ascii=False, default=json_default).encode() if value else None

    def _from_bytes(self, content):
        return json.loads(content)


class EncryptedBinary(Encrypted, fields.Binary):
    """Small content in the row itself. Files belong into encrypted attachments (``ir.attachment``)."""

    attachment = False
    prefetch = False

    def _to_bytes(self, value):
        return bytes(value) if value else None

    def _from_bytes(self, content):
        return content

    def _is_size_only(self, env):
        return bool(env.context.get("bin_size") or env.context.get(f"bin_size_{self.name}"))

    def get_column_update(self, record):
        return fields.Binary.get_column_update(self, record)

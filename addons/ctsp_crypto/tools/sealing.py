"""Between rows and the door to cryptography: encrypts and decrypts the fields of many rows in one call."""
import logging

from psycopg2 import Binary as PgBinary

from odoo.tools import SQL, groupby

from . import envelope, naming
from .failure import CryptoAltered, CryptoFailure

_logger = logging.getLogger(__name__)


class Stored(dict):
    """Clear values of a row that is being created (for the cache), and what goes into its columns instead."""

    def __init__(self, values):
        super().__init__(values)
        self.sealed = {}


SHOWN = object()
"""value of the context key ``crypto_broken`` with which the log reads what was there: no caller can send it"""


class Broken:
    """Stands in the cache for a ciphertext that does not open in its place. Whoever asks for the value is told."""

    def told(self, field, record):
        if record.env.context.get("crypto_broken") is SHOWN:
            return record.env._("(cannot be decrypted)") if field.type in ("char", "text") else False
        raise CryptoAltered(record.env._(
            "“%(field)s” of record %(id)s (%(model)s) cannot be decrypted: it was altered outside the platform. "
            "Tell the security administrator.",
            field=field._description_string(record.env), id=record.id, model=record._description))


BROKEN = Broken()
UNREADABLE = "\0"
"""stands for the text of such a value in comparisons: no column holds it"""


def fields_of(model):
    """Return the encrypted fields that the model's own table holds."""
    names = type(model)._encrypted_names
    return [model._fields[name] for name in names]


# ---- reading

def opened(field, records, rows):
    """Return the cache values of ``[(id, uuid ‖ stored ciphertext)]``, in order; ``BROKEN`` where one does not open."""
    if not rows:
        return []
    binding = naming.binding(records._name, field.name)
    items, good = [], []
    for place, (_id, value) in enumerate(rows):
        try:
            version, sealed = envelope.unpack(value[naming.UUID_SIZE:])
        except ValueError:
            continue
        items.append((sealed, binding + value[:naming.UUID_SIZE], version))
        good.append(place)
    _remember_uuids(records, rows)
    contents = records.env["ctsp.crypto"]._decrypt(field.purpose, items, failed=lambda place: BROKEN)
    result = [BROKEN] * len(rows)
    for place, content in zip(good, contents, strict=True):
        result[place] = content if content is BROKEN else field._from_bytes(content)
    if BROKEN in result:
        report(records.browse([row[0] for row, one in zip(rows, result, strict=True) if one is BROKEN]), field)
    return result


def report(records, field):
    """Log what does not open, once in a transaction."""
    told = records.env.cr.cache.setdefault("ctsp_crypto.altered", set())
    records = records.filtered(lambda record: (record._name, record.id, field.name) not in told)
    if records:
        told.update((record._name, record.id, field.name) for record in records)
        _logger.info("%s.%s: ciphertext altered in records %s", records._name, field.name, records.ids)
        records.env["ctsp.audit.port"]._log_failure("crypto.altered", records, fields=[field.name])


def _remember_uuids(records, rows):
    """The identity of a row came with its ciphertext: encrypting it again needs no further query."""
    known = records._fields[naming.UUID]._get_cache(records.env)
    for id_, value in rows:
        if id_ not in known:
            known[id_] = naming.uuid_text(value[:naming.UUID_SIZE])


# ---- writing

def seal(model, rows):
    """Encrypt ``[(uuid as bytes, {field name: clear value})]``; one call for all rows and fields of one purpose.

    :return: for each row ``{column: bytes, list of bytes or None}``, ciphertexts and blind indexes
    """
    result = [{} for _ in rows]
    wanted = {}
    bindings = {name: naming.binding(model._name, name) for name in type(model)._encrypted_names}
    for place, (row_uuid, values) in enumerate(rows):
        for name, value in values.items():
            field = model._fields[name]
            content = field._to_bytes(value)
            result[place][name] = None
            if content is not None:
                item = (place, name, content, bindings[name] + row_uuid)
                wanted.setdefault(field.purpose, []).append(item)
    for purpose, items in wanted.items():
        batch = model.env["ctsp.crypto"]._encrypt(purpose, [(content, aad) for *_, content, aad in items])
        for (place, name, *_), value in zip(items, batch.values, strict=True):
            result[place][name] = envelope.pack(batch.version, value)
    _index(model, [values for _uuid, values in rows], result)
    return result


def _index(model, rows, result):
    """Add the blind indexes of the rows' values to ``result``."""
    for field in fields_of(model):
        if not field.blind:
            continue
        places = [place for place, values in enumerate(rows) if field.name in values]
        forms = [field._normalised(rows[place][field.name]) for place in places]
        for place, codes in zip(places, _codes(field, model, [[form] for form in forms]), strict=True):
            result[place][naming.index(field.name)] = codes[0] if codes else None
        if field.prefixes:
            beginnings = [[form[:size] for size in field.prefixes if len(form) >= size] for form in forms]
            for place, codes in zip(places, _codes(field, model, beginnings, naming.prefix), strict=True):
                result[place][naming.prefix(field.name)] = codes or None


def _codes(field, model, texts, space=naming.index):
    """Return the blind indexes of lists of texts, list by list; one call for all."""
    flat = [text for group in texts for text in group if text]
    if not flat:
        return [[] for _ in texts]
    batch = _blind(field, model, flat, space)
    codes = iter(envelope.code(batch.version, mac) for mac in batch.values)
    return [[next(codes) for text in group if text] for group in texts]


def _blind(field, model, texts, space, version=None):
    context = f"{model._name}.{space(field.name)}"
    contents = [text.encode() for text in texts]
    return model.env["ctsp.crypto"]._blind(field.index_purpose, context, contents, version=version)


def blinds(field, model, forms, space=naming.index):
    """Return what normalised values look like in the index: under the key in use and, while rows are being indexed
    anew, under the ones before.
    """
    forms = [form for form in forms if form]
    if not forms:
        return []
    batch = _blind(field, model, forms, space)
    found = [envelope.code(batch.version, mac) for mac in batch.values]
    for version in range(batch.version - 1, 0, -1):
        try:
            older = _blind(field, model, forms, space, version)
        except CryptoFailure:  # destroyed: nothing is indexed under it any more
            continue
        found += [envelope.code(version, mac) for mac in older.values]
    return found


# ---- rows in the database

def update(model, uuids, values, also=()):
    """Store clear values encrypted, by plain SQL: for what users must not notice (migration, new keys).

    :param uuids: ``{id: uuid as text}``
    :param values: ``{id: {field name: value}}``
    :param also: columns that are emptied with it
    """
    ids = list(values)
    sealed = seal(model, [(naming.uuid_bytes(uuids[id_]), values[id_]) for id_ in ids])
    for columns, group in groupby(zip(ids, sealed, strict=True), key=lambda row: tuple(sorted(row[1]))):
        _update_columns(model, columns, [(id_, *(row[name] for name in columns)) for id_, row in group], also)


def _update_columns(model, columns, rows, also):
    names = [SQL.identifier(name) for name in columns]
    sets = [
        SQL("%s = new.%s::%s", name, name, SQL(model._fields[column].column_type[1]))
        for name, column in zip(names, columns, strict=True)
    ]
    sets += [SQL("%s = NULL", SQL.identifier(name)) for name in also]
    model.env.execute_query(SQL(
        "UPDATE %(table)s SET %(sets)s FROM (VALUES %(rows)s) AS new (id, %(names)s) WHERE %(table)s.id = new.id",
        table=SQL.identifier(model._table), sets=SQL(", ").join(sets), names=SQL(", ").join(names),
        rows=SQL(", ").join((row[0], *map(adapted, row[1:])) for row in rows)))


def adapted(value):
    """Return a column value as psycopg2 takes it."""
    if isinstance(value, list):
        return [PgBinary(one) for one in value]
    return PgBinary(value) if isinstance(value, bytes) else value

"""Encrypts anew what was encrypted under an older version of a key: in batches, while people work."""
from odoo.tools import SQL

from . import envelope, naming, sealing


def stale(model):
    """Return the SQL condition of rows that hold a ciphertext or index under another version than the one in use."""
    door, terms = model.env["ctsp.crypto"], []
    for field in sealing.fields_of(model):
        head = envelope.head(door._encrypt(field.purpose, []).version)
        terms.append(_differs(field.name, head))
        if field.blind:
            version = door._blind(field.index_purpose, f"{model._name}.{naming.index(field.name)}", []).version
            terms.append(_differs(naming.index(field.name), envelope.code(version, b"")))
    return SQL(" OR ").join(terms)


def _differs(column, head):
    name = SQL.identifier(column)
    return SQL("(%s IS NOT NULL AND substring(%s FROM 1 FOR %s) <> %s)", name, name, len(head), head)


def batch(model, after=0, limit=1000):
    """Encrypt the next stale rows anew. Rows that somebody is writing at this moment are left for the next round.

    :param after: the last row of the batch before
    :return: ``(rows done, rows that do not open, last row)``; the last row is None when there was nothing to do
    """
    rows = _rows(model, after, stale(model), limit, SQL("FOR UPDATE SKIP LOCKED"))
    if not rows:
        return 0, 0, None
    values, broken = _opened(model, rows)
    bad = {id_ for id_, _name in broken}
    values = {id_: row for id_, row in values.items() if id_ not in bad and row}
    sealing.update(model, {row[0]: row[1] for row in rows}, values)
    return len(values), len(bad), rows[-1][0]


def verify(model, after=0, limit=1000):
    """Return ``([(id, field name)] of what does not open, last row)``; the last row is None at the end."""
    rows = _rows(model, after, SQL("TRUE"), limit)
    return (_opened(model, rows)[1], rows[-1][0]) if rows else ([], None)


def _rows(model, after, condition, limit, locking=None):
    """Return ``[(id, uuid, ciphertext of each field behind the uuid)]``."""
    return model.env.execute_query(SQL(
        "SELECT id, %s::text, %s FROM %s WHERE id > %s AND (%s) ORDER BY id LIMIT %s %s",
        SQL.identifier(naming.UUID),
        SQL(", ").join(SQL("uuid_send(%s) || %s", SQL.identifier(naming.UUID), SQL.identifier(field.name))
                       for field in sealing.fields_of(model)),
        SQL.identifier(model._table), after, condition, limit, locking or SQL()))


def _opened(model, rows):
    """Return ``{id: {field name: clear value}}`` and ``[(id, field name)]`` of what does not open."""
    values, broken = {row[0]: {} for row in rows}, []
    for place, field in enumerate(sealing.fields_of(model), 2):
        present = [(row[0], bytes(row[place])) for row in rows if row[place] is not None]
        for (id_, _), value in zip(present, sealing.opened(field, model, present), strict=True):
            if value is sealing.BROKEN:
                broken.append((id_, field.name))
            values[id_][field.name] = value
    return values, broken


def coverage(model):
    """Return ``[(field name, rows that hold a value, of these under the key in use)]``."""
    door = model.env["ctsp.crypto"]
    result = []
    for field in sealing.fields_of(model):
        head, name = envelope.head(door._encrypt(field.purpose, []).version), SQL.identifier(field.name)
        row = model.env.execute_query(SQL(
            "SELECT count(%s), count(%s) FILTER (WHERE substring(%s FROM 1 FOR %s) = %s) FROM %s",
            name, name, name, len(head), head, SQL.identifier(model._table)))[0]
        result.append((field.name, *row))
    return result

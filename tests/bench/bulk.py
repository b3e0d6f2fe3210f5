"""Writes many records fast: COPY for what is stored, the ORM's own recomputation for what is computed."""
import csv
import io
import itertools
import json
import uuid
from datetime import datetime

from odoo.addons.ctsp_crypto.tools import sealing

BATCH = 5000
NOW = datetime(2026, 9, 1, 8, 0, 0)


def insert(env, model_name, rows):
    """Insert ``rows`` (dicts of column values) into a model's table and return their ids, in order.

    All rows have the same keys; what they leave out gets the model's defaults. Constraints in Python are not run: the
    caller makes valid data. Stored computed fields are recomputed by :func:`recompute`.
    """
    model = env[model_name]
    stored = [name for name, field in model._fields.items() if field.column_type and field.store and name != "id"]
    defaults = {k: v for k, v in model.default_get(stored).items() if not isinstance(v, (list, tuple))}
    defaults |= {"create_uid": env.uid, "write_uid": env.uid, "create_date": NOW, "write_date": NOW}
    env.flush_all()
    rows = iter(rows)
    ids = []
    while batch := list(itertools.islice(rows, BATCH)):
        batch = sealed(model, batch)
        columns = [name for name in stored if name in defaults or name in batch[0]]
        ids += copy(model, columns, [
            [cell(model._fields[name], row.get(name, defaults.get(name))) for name in columns] for row in batch])
    env.invalidate_all(flush=False)
    return ids


def sealed(model, rows):
    """Return the rows with their encrypted fields as the columns take them."""
    names = [name for name in getattr(model, "_encrypted_names", ()) if name in rows[0]]
    if not names:
        return rows
    uuids = [uuid.uuid4() for _ in rows]
    parts = sealing.seal(model, [
        (one.bytes, {name: row[name] for name in names}) for one, row in zip(uuids, rows, strict=True)])
    return [
        {**row, "crypto_uuid": str(one), **{name: bytea(value) for name, value in part.items()}}
        for one, row, part in zip(uuids, rows, parts, strict=True)]


def bytea(value):
    return value and f"\\x{value.hex()}"


def copy(model, columns, lines):
    """COPY ``lines`` into the model's table; return their new ids."""
    cr = model.env.cr
    cr.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [f"{model._table}_id_seq", len(lines)])
    ids = [row[0] for row in cr.fetchall()]
    text = io.StringIO()
    csv.writer(text).writerows([record_id, *line] for record_id, line in zip(ids, lines, strict=True))
    text.seek(0)
    names = ", ".join(f'"{name}"' for name in ["id", *columns])
    cr._obj.copy_expert(f'COPY "{model._table}" ({names}) FROM STDIN (FORMAT csv)', text)
    return ids


def cell(field, value):
    """Return what COPY reads for ``value``; an empty cell is NULL."""
    if value is None or (value is False and field.type != "boolean"):
        return None
    if field.column_type[0] == "jsonb":
        return json.dumps(value if field.type == "json" else {"en_US": value}, ensure_ascii=False)
    return value


def recompute(env, model_name, only=()):
    """Let the ORM compute the stored computed fields of all records of a model, in batches; no chatter about it."""
    env = env(context={**env.context, "tracking_disable": True, "active_test": False}, su=True)
    model = env[model_name]
    fields = [
        field for name, field in model._fields.items()
        if field.store and field.compute and field.column_type and (name in only or not only)]
    ids = model.search([], order="id").ids
    for start in range(0, len(ids), BATCH):
        batch = model.browse(ids[start:start + BATCH])
        for field in fields:
            env.add_to_compute(field, batch)
        env.flush_all()
        env.invalidate_all()
        env.cr.commit()

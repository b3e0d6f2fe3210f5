"""Writes many records fast: COPY for what is stored, the ORM's own recomputation for what is computed."""
import csv
import io
import json
from datetime import datetime

RECOMPUTE_BATCH = 5000
NOW = datetime(2026, 9, 1, 8, 0, 0)


def insert(env, model_name, rows):
    """Insert ``rows`` (dicts of column values) into a model's table and return their ids, in order.

    Columns that a row leaves out get the model's defaults. Constraints in Python are not run: the caller makes
    valid data. Stored computed fields are recomputed by :func:`recompute`.
    """
    rows = list(rows)
    if not rows:
        return []
    model = env[model_name]
    stored = [name for name, field in model._fields.items() if field.column_type and field.store and name != "id"]
    defaults = {k: v for k, v in model.default_get(stored).items() if not isinstance(v, (list, tuple))}
    defaults |= {"create_uid": env.uid, "write_uid": env.uid, "create_date": NOW, "write_date": NOW}
    columns = [name for name in stored if name in defaults or any(name in row for row in rows[:50])]
    cr = env.cr
    env.flush_all()
    cr.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [f"{model._table}_id_seq", len(rows)])
    ids = [row[0] for row in cr.fetchall()]
    text = io.StringIO()
    writer = csv.writer(text)
    for record_id, row in zip(ids, rows, strict=True):
        values = (cell(model._fields[name], row.get(name, defaults.get(name))) for name in columns)
        writer.writerow([record_id, *values])
    text.seek(0)
    names = ", ".join(f'"{name}"' for name in ["id", *columns])
    cr._obj.copy_expert(f'COPY "{model._table}" ({names}) FROM STDIN (FORMAT csv)', text)
    env.invalidate_all(flush=False)
    return ids


def cell(field, value):
    """Return what COPY reads for ``value``; an empty cell is NULL."""
    if value is None or (value is False and field.type != "boolean"):
        return None
    if field.type == "json" or field.translate:
        return json.dumps(value if field.type == "json" else {"en_US": value}, ensure_ascii=False)
    return value


def recompute(env, model_name, skip=()):
    """Let the ORM compute the stored computed fields of all records of a model, in batches."""
    model = env[model_name].with_context(active_test=False).sudo()
    fields = [
        field for name, field in model._fields.items()
        if field.store and field.compute and field.column_type and name not in skip]
    ids = model.search([], order="id").ids
    for start in range(0, len(ids), RECOMPUTE_BATCH):
        batch = model.browse(ids[start:start + RECOMPUTE_BATCH])
        for field in fields:
            env.add_to_compute(field, batch)
        batch.flush_recordset()
        env.invalidate_all()
        env.cr.commit()

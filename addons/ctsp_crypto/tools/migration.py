"""Encrypts what an older release left in clear: in batches, resumable, until nothing is left to read.

A clear column was renamed when its field became an encrypted one (``columns.set_aside``). Each batch encrypts some
rows and empties their clear values, and is committed: a run that is interrupted goes on where it stood with the next
update of the module. When no value is left the column is dropped and the table written anew, so that no dropped
value stays in its pages. What lies in the write-ahead log and in older backups is the operator's to remove.
"""
import logging
import time

from odoo.tools import SQL, sql

from . import naming, sealing

_logger = logging.getLogger(__name__)

BATCH = 1000


def encrypt_table(model, commit=None):
    """Encrypt every waiting clear column of the model's table, then drop them.

    :param commit: what ends a batch; the cursor's own commit by default
    """
    waiting = waiting_fields(model)
    if not waiting or not is_ready(model.env, waiting):
        return
    commit = commit or model.env.cr.commit
    total = remaining(model, waiting)
    started, done = time.monotonic(), 0
    while count := encrypt_batch(model, waiting):
        commit()
        done += count
        _logger.info("%s: %d of %d rows encrypted (%.0f s)", model._name, done, total, time.monotonic() - started)
    drop(model, waiting)
    commit()


def is_ready(env, waiting):
    """Return whether the keys are there: in the first installation they come with the data, after the tables."""
    return all(env["ctsp.crypto.purpose"]._facts(field.purpose) for field in waiting)


def waiting_fields(model):
    """Return the encrypted fields whose clear column is still there."""
    columns = sql.table_columns(model.env.cr, model._table)
    return [field for field in sealing.fields_of(model) if naming.clear(field.name) in columns]


def remaining(model, waiting):
    return model.env.execute_query(SQL(
        "SELECT count(*) FROM %s WHERE %s", SQL.identifier(model._table), _unread(waiting)))[0][0]


def encrypt_batch(model, waiting):
    """Encrypt the next rows; return how many. No user is at work during an update, but rows are locked all the same."""
    names = [SQL.identifier(naming.clear(field.name)) for field in waiting]
    rows = model.env.execute_query(SQL(
        "SELECT id, %s, %s FROM %s WHERE %s ORDER BY id LIMIT %s FOR UPDATE",
        SQL.identifier(naming.UUID), SQL(", ").join(names), SQL.identifier(model._table), _unread(waiting), BATCH))
    if rows:
        _store(model, waiting, rows)
    return len(rows)


def _store(model, waiting, rows):
    uuids = {row[0]: row[1] for row in rows}
    values = {
        row[0]: {field.name: value for field, value in zip(waiting, row[2:], strict=True) if value is not None}
        for row in rows
    }
    sealing.update(model, uuids, values, also=[naming.clear(field.name) for field in waiting])


def drop(model, waiting):
    """Drop the emptied columns and write the table anew: dropped values stay in the pages of a table otherwise."""
    cr = model.env.cr
    left = remaining(model, waiting)
    if left:
        raise AssertionError(f"{model._name}: {left} rows still hold clear values")
    for field in waiting:
        cr.execute(SQL(
            "ALTER TABLE %s DROP COLUMN %s", SQL.identifier(model._table),
            SQL.identifier(naming.clear(field.name))))
    cr.execute(SQL(
        "CLUSTER %s USING %s", SQL.identifier(model._table), SQL.identifier(f"{model._table}_pkey")))
    _logger.info("%s: clear columns dropped, table written anew", model._name)


def _unread(waiting):
    return SQL(" OR ").join(SQL("%s IS NOT NULL", SQL.identifier(naming.clear(field.name))) for field in waiting)

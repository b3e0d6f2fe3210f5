"""Columns of encrypted fields: identities, indexes, and clear columns of older releases set aside."""
from odoo.tools import SQL, sql

from . import migration, naming

CIPHERTEXT = "bytea"


def set_aside(field, model, columns):
    """Rename a column that holds clear values, so that the field gets a new one, and order its encryption.

    :param columns: the table's columns as Odoo read them
    :return: the columns as they are now
    """
    waiting = naming.clear(field.name)
    source = field.replaces or field.name
    column = columns.get(source)
    if column and column["udt_name"] != CIPHERTEXT:
        sql.rename_column(model.env.cr, model._table, source, waiting)
        sql.drop_not_null(model.env.cr, model._table, waiting)
        columns = {name: value for name, value in columns.items() if name != source} | {waiting: column}
    if waiting in columns:
        model.pool.post_init(migration.encrypt_table, model)
    return columns


def default_uuid(model):
    """Let the database give a row its identity where nobody else does (rows loaded by plain SQL)."""
    model.env.cr.execute(SQL(
        "ALTER TABLE %s ALTER COLUMN %s SET DEFAULT gen_random_uuid()",
        SQL.identifier(model._table), SQL.identifier(naming.UUID)))


def fill_uuids(model):
    """Give each row that has none an identity of its own; Odoo would give the same default to all."""
    model.env.cr.execute(SQL(
        "UPDATE %s SET %s = gen_random_uuid() WHERE %s IS NULL",
        SQL.identifier(model._table), SQL.identifier(naming.UUID), SQL.identifier(naming.UUID)))
    sql.set_not_null(model.env.cr, model._table, naming.UUID)


def index_prefixes(model, name):
    """Create the index that finds rows by one of several beginnings."""
    index = sql.make_index_name(model._table, name)
    if not sql.index_exists(model.env.cr, index):
        model.env.cr.execute(SQL(
            "CREATE INDEX %s ON %s USING gin (%s)",
            SQL.identifier(index), SQL.identifier(model._table), SQL.identifier(name)))


def uuids(model, ids):
    """Return ``{id: uuid as text}`` of rows."""
    return dict(model.env.execute_query(SQL(
        "SELECT id, %s::text FROM %s WHERE id IN %s",
        SQL.identifier(naming.UUID), SQL.identifier(model._table), tuple(ids))))

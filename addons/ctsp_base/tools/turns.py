"""Changes that must not happen side by side."""
from odoo.tools import SQL


def take_turns(records):
    """Let changes that concern ``records`` happen one after the other, whoever makes them.

    The later one waits until the earlier one is committed; then PostgreSQL refuses it, as its view of the data is
    older, and Odoo repeats it with a fresh one. A row version does it, a mere lock would not: a step that looked at
    the content before a row was added has to look again. Taken once per transaction.
    """
    cr = records.env.cr
    held = cr.cache.setdefault(("ctsp_turns", records._table), set())  # forgotten when a savepoint is rolled back
    if wanted := tuple(id_ for id_ in records._ids if id_ and id_ not in held):
        cr.execute(SQL(
            "UPDATE %s SET write_date = write_date WHERE id IN %s", SQL.identifier(records._table), wanted))
        held.update(wanted)

"""What of a row of the log is protected, as bytes: pure functions, no database.

A row carries one MAC over all its columns and a shorter one per filled column, so that a change is not only found but
named. Both bind the row's identifier: copying them to another row does not help.
"""
import json

from odoo.addons.ctsp_base.tools import canonical

#: Columns in the order of the table, without the MACs themselves.
COLUMNS = (
    "date", "user_id", "login", "ip", "session", "request_id", "channel", "event", "model", "res_id", "res_ids",
    "res_count", "record_name", "before", "after", "detail", "success",
)
STORED = ("id", *COLUMNS, "macs", "mac", "mac_key")
JSON_COLUMNS = frozenset({"res_ids", "before", "after", "detail"})
SHORT = 16  # hexadecimal characters of a column's MAC


def messages(row):
    """Return ``[(column, bytes)]`` to be protected: the filled columns, and the whole row under ``""``.

    :param row: dict with ``id`` and :data:`COLUMNS`; JSON columns as Python values
    """
    filled = {name: row.get(name) for name in COLUMNS if row.get(name) is not None}
    cells = [
        (name, canonical.encode({"id": row["id"], "column": name, "value": value})) for name, value in filled.items()
    ]
    return [*cells, ("", canonical.encode({"id": row["id"], **filled}))]


def plain(value):
    """Return a JSON value that PostgreSQL stores and gives back unchanged: no NUL, no binary float."""
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd")
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dict):
        return {plain(str(key)): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if value is None or isinstance(value, (bool, int)):
        return value
    return plain(str(value))


def loads(text):
    """Return the value of JSON text; :raise ValueError: it is none."""
    return json.loads(text)

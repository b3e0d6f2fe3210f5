"""What of a row of the log is protected, as bytes: pure functions, no database.

A row carries a short code per filled column, so that a change is not only found but named, and one MAC over all columns
together with those codes: it alone decides whether a row is what was written. Both bind the row's identifier, so that
copying them to another row does not help. Whoever holds the key is asked twice for a row: for the MAC, and for a key of
the row's own, under which the columns' codes are SM3 digests (shortened, so that none can be continued).
"""
import hashlib
import json
from datetime import datetime
from itertools import starmap
from json.encoder import encode_basestring

from odoo.addons.ctsp_base.tools import canonical

#: Columns in the order of the table, without the MACs themselves.
COLUMNS = (
    "date", "user_id", "login", "ip", "session", "request_id", "channel", "event", "model", "res_id", "res_ids",
    "res_count", "record_name", "before", "after", "detail", "success",
)
STORED = ("id", *COLUMNS, "macs", "mac", "mac_key")
JSON_COLUMNS = frozenset({"res_ids", "before", "after", "detail"})
TEXT_COLUMNS = frozenset(COLUMNS) - JSON_COLUMNS - {"date", "user_id", "res_id", "res_count", "success"}
SHORT = 16  # hexadecimal characters of a column's code

_json = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=canonical.value, check_circular=False).encode


_digest = hashlib.new("sm3")


def texts(row):
    """Return ``{column: canonical JSON text}`` of the filled columns."""
    return {name: _text(value) for name in COLUMNS if (value := row.get(name)) is not None}


def _text(value):
    """Return what :data:`_json` gives, for plain values several times as fast."""
    kind = type(value)
    if kind is str:
        return encode_basestring(value)
    if kind is bool:
        return "true" if value else "false"
    if kind is int:
        return str(value)
    if kind is datetime:
        return f'"{value.isoformat(sep=" ", timespec="microseconds")}"'
    return _json(value)


def key_message(row):
    """Return the bytes whose MAC is the row's own key."""
    return f"key of row {row['id']}".encode()


def codes(row_key, filled):
    """Return ``{column: short code}`` of :func:`texts` under the row's own key (hexadecimal)."""
    seed = _digest.copy()
    seed.update(row_key.encode())
    result = {}
    for name, text in filled.items():
        digest = seed.copy()
        digest.update(f"\n{name}\n{text}".encode())
        result[name] = digest.hexdigest()[:SHORT]
    return result


def whole(row, filled, macs):
    """Return the bytes protected for the whole row: key, columns and their short codes.

    :param macs: ``{column: short code}`` as stored
    """
    lines = [str(row["id"]), row["mac_key"], *starmap("{}:{}".format, filled.items()), _json(macs or {})]
    return "\n".join(lines).encode()


def stored(row, filled, macs):
    """Return the values of :data:`STORED` as the database takes them; JSON as the text that was protected."""
    return tuple(
        filled.get(name) if name in JSON_COLUMNS else _json(macs) if name == "macs" else row.get(name)
        for name in STORED)


def plain(value):
    """Return a JSON value that PostgreSQL stores and gives back unchanged: no NUL, half character or binary float."""
    if isinstance(value, str):
        return value if value.isascii() and "\x00" not in value else _storable(value)
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dict):
        return {plain(str(key)): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return plain(str(value))


def _storable(text):
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()


def text(value):
    """Return how a text stands within stored JSON, without the quotes around it."""
    return json.dumps(value, ensure_ascii=False)[1:-1]


def loads(text):
    """Return the value of JSON text; :raise ValueError: it is none."""
    return json.loads(text)

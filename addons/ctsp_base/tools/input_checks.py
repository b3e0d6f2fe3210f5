"""What a value must be like to be stored in a field of a type. Pure: no database, no translation.

Clients send whatever they like: by XML-RPC, JSON-2, a form or a browser's console. What these functions accept is what
the ORM and PostgreSQL store without guessing; they never convert.
"""
import base64
import datetime as dt
import json
import math
import re

LARGEST = 2**31 - 1
LARGEST_AMOUNT = 10**15
BTREE = (True, "btree", "btree_not_null")
LINE, INDEXED_LINE, TEXT, HTML = 1000, 500, 1_000_000, 30_000_000  # pictures stand in HTML
FIRST_YEAR, LAST_YEAR, LAST_MOMENT = 1900, 9999, 2999  # a moment is shown in other time zones, too
WHOLE = re.compile(r"[+-]?\d{1,20}")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?")
SIZE = re.compile(r"\d+(\.\d+)? ?(bytes|[KMGT]b)", re.IGNORECASE)
COMMANDS = {0: (3, dict), 1: (3, dict), 2: (2, object), 3: (2, object), 4: (2, object), 5: (1, object), 6: (3, list)}
NOT_SCALAR = (list, tuple, dict, set)


class InputError(ValueError):
    """A value that cannot be stored; ``code`` is the reason, ``params`` what its message needs."""

    def __init__(self, code, **params):
        super().__init__(code)
        self.code, self.params = code, params


def shown(value):
    """Return the value as a message may quote it: short, on one line, without what cannot be shown."""
    text = value if isinstance(value, str) else repr(value)
    text = "".join(char if char.isprintable() else "□" for char in text)
    return text if len(text) <= 40 else f"{text[:40]}…"


def longest_line(field):
    """Return how many characters a one-line field takes: an index of PostgreSQL holds less than its table."""
    return field.size or (INDEXED_LINE if field.index in BTREE else LINE)


def line(value, limit):
    """One line of text. Numbers are taken as text, as the ORM does."""
    text(value, limit)


def text(value, limit=TEXT):
    """Text of any length."""
    if isinstance(value, NOT_SCALAR) or value is True:
        raise InputError("not_text", value=shown(value))
    if not isinstance(value, str):
        return
    if "\0" in value:
        raise InputError("unreadable", value=shown(value))
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InputError("unreadable", value=shown(value)) from None
    if len(value) > limit:
        raise InputError("too_long", count=len(value), limit=limit)


def integer(value):
    """A whole number of 32 bits."""
    if isinstance(value, str) and WHOLE.fullmatch(value.strip()) and value.strip().isascii():
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError("not_integer", value=shown(value))
    if abs(value) > LARGEST:
        raise InputError("too_large", value=shown(value))


def number(value):
    """A number that is finite and of a size that means something."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            raise InputError("not_number", value=shown(value)) from None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InputError("not_number", value=shown(value))
    if abs(value) > LARGEST_AMOUNT:
        raise InputError("too_large", value=shown(value))


def boolean(value):
    """Yes or no; a text such as “否” would be taken for a yes."""
    if not isinstance(value, bool) and value not in (0, 1):
        raise InputError("not_boolean", value=shown(value))


def date(value):
    """A day: a date, or text such as 2026-09-05."""
    _moment(value, DATE, LAST_YEAR)


def datetime(value):
    """A moment: a datetime, or text such as 2026-09-05 14:30:00."""
    _moment(value, MOMENT, LAST_MOMENT)


def _moment(value, pattern, last):
    if isinstance(value, dt.date):  # a datetime is one
        year = value.year
    elif isinstance(value, str) and MOMENT.fullmatch(value):
        try:
            year = dt.datetime.fromisoformat(value.rstrip("Z")).year
        except ValueError:
            raise InputError("no_such_day", value=shown(value)) from None
    else:
        raise InputError("not_date" if pattern is DATE else "not_moment", value=shown(value))
    if not FIRST_YEAR <= year <= last:
        raise InputError("year", value=shown(value), first=FIRST_YEAR, last=last)


def option(value, options):
    """One of ``options``: ``[(key, label)]``."""
    if isinstance(value, NOT_SCALAR) or value not in dict(options):
        raise InputError("unknown_option", value=shown(value), options="、".join(label for _key, label in options[:20]))


def identifier(value):
    """The id of a record."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= LARGEST:
        raise InputError("not_record", value=shown(value))


def commands(value):
    """Rows of a one2many or many2many: ids or commands of the ORM."""
    if not isinstance(value, list | tuple):
        raise InputError("not_rows", value=shown(value))
    for command in value:
        if isinstance(command, list | tuple):
            _command(command)
        else:
            identifier(command)


def _command(command):
    kind = command[0] if command else None
    if isinstance(kind, bool) or not isinstance(kind, int) or kind not in COMMANDS or len(command) > 3:
        raise InputError("not_rows", value=shown(command))
    least, wanted = COMMANDS[kind]
    content = command[2] if len(command) > 2 else None
    if len(command) < least or (wanted is not object and not isinstance(content, wanted | tuple if wanted is list
                                                                       else wanted)):
        raise InputError("not_rows", value=shown(command))
    if kind in (1, 2, 3, 4) and isinstance(command[1], int):
        identifier(command[1])
    for one in content if kind == 6 else ():
        identifier(one)


def html(value):
    """Text with marks, and pictures within."""
    text(value, HTML)


def binary(value):
    """A file in base64; forms send the size of a file they did not touch."""
    if not isinstance(value, str | bytes):
        raise InputError("not_file", value=shown(value))
    if isinstance(value, str) and SIZE.fullmatch(value):
        return
    try:
        base64.b64decode(value)
    except ValueError:
        raise InputError("not_file", value=shown(value[:20])) from None


def structure(value):
    """Data that is stored as JSON."""
    try:
        content = json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        raise InputError("not_structure", value=shown(value)) from None
    if "\\u0000" in content or _has_surrogate(value):
        raise InputError("unreadable", value=shown(value))


def _has_surrogate(value):
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False

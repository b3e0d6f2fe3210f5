"""Operators of the query screen per kind of field, and how one condition becomes terms of a domain; no ORM.

Each function takes the field's path and the value as the screen sent it and returns a list of terms, or raises
``ValueError`` when the value is not what the operator wants.
"""
from datetime import date

LARGEST = 10 ** 15
"""no number of the registry comes near; beyond it, and for what is no number at all (NaN), PostgreSQL has an error"""


def _text(value):
    if not isinstance(value, str) or not value.strip():
        raise ValueError("empty")
    return value.strip()


def _number(value):
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < LARGEST:
        raise ValueError("number")
    return value


def _day(value):
    if not isinstance(value, str):
        raise ValueError("date")
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise ValueError("date") from error


def _choices(value):
    if not isinstance(value, list) or not value or not all(isinstance(item, int | str) for item in value):
        raise ValueError("choice")
    return value


def _pair(value, read):
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError("pair")
    low, high = read(value[0]), read(value[1])
    if low > high:
        raise ValueError("order")
    return low, high


def _between(path, value, read):
    low, high = _pair(value, read)
    return [(path, ">=", low), (path, "<=", high)]


SET = {"set": lambda path, value: [(path, "!=", False)], "not_set": lambda path, value: [(path, "=", False)]}
OPERATORS = {
    "text": {
        "contains": lambda path, value: [(path, "ilike", _text(value))],
        "not_contains": lambda path, value: [(path, "not ilike", _text(value))],
        "is": lambda path, value: [(path, "=", _text(value))],
        **SET,
    },
    "choice": {
        "in": lambda path, value: [(path, "in", _choices(value))],
        "not_in": lambda path, value: [(path, "not in", _choices(value))],
        **SET,
    },
    "number": {
        "at_least": lambda path, value: [(path, ">=", _number(value))],
        "at_most": lambda path, value: [(path, "<=", _number(value))],
        "equal": lambda path, value: [(path, "=", _number(value))],
        "between": lambda path, value: _between(path, value, _number),
    },
    "date": {
        "between": lambda path, value: _between(path, value, _day),
        "from": lambda path, value: [(path, ">=", _day(value))],
        "until": lambda path, value: [(path, "<=", _day(value))],
        **SET,
    },
    "flag": {
        "yes": lambda path, value: [(path, "=", True)],
        "no": lambda path, value: [(path, "=", False)],
    },
}
KINDS = {
    "char": "text", "text": "text", "many2one": "choice", "many2many": "choice", "selection": "choice",
    "integer": "number", "float": "number", "monetary": "number", "date": "date", "datetime": "date", "boolean": "flag",
}
"""type of a field → kind of condition"""


def terms(kind, operator, path, value):
    """Return the domain terms of one condition.

    :raise KeyError: unknown kind or operator
    :raise ValueError: the value does not fit; the argument says how: empty, number, date, choice, pair, order
    """
    return OPERATORS[kind][operator](path, value)

"""Rows that meet a definition, made from its examples: for the guide, the documentation and the sandbox.

Faulty rows are made of good ones by one mistake each (:mod:`.faults`), so that a developer sees every kind of finding.
"""
import re

from . import faults as mistaken
from .json_schema import example

FALLBACK = {"string": "示例", "text": "示例", "integer": 1, "decimal": 1.0, "boolean": True, "date": "2026-03-01",
            "datetime": "2026-03-01T09:30:00+08:00"}
COUNTED = re.compile(r"(.*?)(\d+)$")


def row(definition, number=1):
    """Return the sample row ``number``; the key's texts are counted up from the second row on."""
    values = _values(definition.fields)
    for code in definition.keys:
        if number > 1 and isinstance(values.get(code), str):
            values[code] = _numbered(definition.field(code), values[code], number)
    return values


def _numbered(item, value, number):
    """Return the key's text for row ``number``: numbers at its end are counted on, other free texts get one."""
    if item.format == "ctr_no":
        head, digits = COUNTED.fullmatch(value).groups()
        return f"{head}{(int(digits) + number - 1) % 10 ** len(digits):0{len(digits)}}"
    if item.format or item.pattern or item.type != "string":
        return value
    end = f"-{number}"
    return f"{value[:max(item.limit - len(end), 0)]}{end}"[-item.limit:]


def _values(fields):
    return {item.code: _value(item) for item in fields if item.required or item.example or item.type == "list"}


def _value(item):
    if item.type == "list":
        return [_values(item.fields)]
    if item.example:
        return example(item)
    return item.codes[0][0] if item.type == "code" else FALLBACK[item.type]


# -- rows with mistakes ----------------------------------------------------------------------------

def rows(definition, count, faults=0, seed=0):
    """Return ``(rows, expected)``: ``count`` rows, the last ``faults`` of them with one mistake each.

    Fewer where no more can be told apart by their key: of its basic information an institution has one row.

    :param seed: with which kind of mistake the first faulty row begins
    """
    made, expected = [row(definition, number) for number in range(1, count + 1)], []
    made = made[:_distinct(definition, made)]
    count, faults = len(made), min(faults, len(made))
    mistakes = mistaken.of(definition, row(definition), twins=count > faults) if faults else []
    for place, number in enumerate(range(count - faults + 1, count + 1)):
        path, code, change = mistakes[(place + seed) % len(mistakes)]
        change(made[number - 1])
        expected.append({"row": number, "path": path, "code": code})
    return made, expected


def _distinct(definition, made):
    """Return how many rows from the first on have keys of their own."""
    seen = set()
    for place, one in enumerate(made):
        key = tuple(str(one.get(code)) for code in definition.keys)
        if key and key in seen:
            return place
        seen.add(key)
    return len(made)

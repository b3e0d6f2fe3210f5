"""Rows that meet a definition, made from its examples: for the guide, the documentation and the sandbox.

Faulty rows are made of good ones by one mistake each (:mod:`.faults`), so that a developer sees every kind of finding.
"""
import copy
import re

from . import faults as mistaken
from .definition import problems
from .json_schema import example
from .validator import Validator

FALLBACK = {"string": "示例", "text": "示例", "integer": 1, "decimal": 1.0, "boolean": True, "date": "2026-03-01",
            "datetime": "2026-03-01T09:30:00+08:00"}
COUNTED = re.compile(r"(.*?)(\d+)$")


def row(definition, number=1):
    """Return the sample row ``number``; texts that stand once are counted up from the second row on."""
    return _counted(definition, _agreeing(definition), number)


def _counted(definition, values, number):
    """Return the row ``number`` like ``values``: what tells rows apart has a number of its own."""
    values = copy.deepcopy(values)
    for code in _once(definition) if number > 1 else ():
        if isinstance(values.get(code), str):
            values[code] = _numbered(definition.field(code), values[code], number)
    return values


def _once(definition):
    """Return the fields that tell rows apart: those of the key, and the last one where other fields stand once."""
    lasts = [rule.fields[-1] for rule in definition.rules if rule.kind == "unique"]
    return dict.fromkeys((*definition.keys, *lasts))


def _agreeing(definition):
    """Return a row of examples; what need not be given and breaks a rule beside the others is left out: the end of a
    trial that still runs. A draft that is not sound has its examples as they are."""
    values = _values(definition.fields)
    if problems(definition):
        return values
    optional = {item.code for item in definition.fields if not item.required}
    broken, less = _broken(definition, values), dict(values)
    left = broken
    while code := next((path for path in left if path in optional and path in less), None):
        del less[code]
        left = _broken(definition, less)
    return less if len(left) < len(broken) else values


def _broken(definition, values):
    return [item.path for item in Validator(definition).check(1, values).findings if item.code == "rule"]


def _numbered(item, value, number):
    """Return the key's text for row ``number``: numbers at its end are counted on, other free texts get one."""
    if item.format in ("ctr_no", "trial_no"):
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
    good = _agreeing(definition)
    made, expected = [_counted(definition, good, number) for number in range(1, count + 1)], []
    made = made[:_distinct(definition, made)]
    count, faults = len(made), min(faults, len(made))
    mistakes = mistaken.of(definition, good, twins=count > faults) if faults else []
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

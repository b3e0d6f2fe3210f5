"""Rows that meet a definition, made from its examples: for the guide, the documentation and the sandbox."""
from .json_schema import example

FALLBACK = {"string": "示例", "text": "示例", "integer": 1, "decimal": 1.0, "boolean": True, "date": "2026-03-01",
            "datetime": "2026-03-01T09:30:00+08:00"}


def row(definition, number=1):
    """Return the sample row ``number``; a text of the key ends with the number from the second row on."""
    values = _values(definition.fields)
    for code in definition.keys:
        if number > 1 and isinstance(values.get(code), str) and not _fixed(definition.field(code)):
            values[code] = f"{values[code]}-{number}"
    return values


def _fixed(item):
    return item.format or item.pattern or item.type != "string"


def _values(fields):
    return {item.code: _value(item) for item in fields if item.required or item.example or item.type == "list"}


def _value(item):
    if item.type == "list":
        return [_values(item.fields)]
    if item.example:
        return example(item)
    return item.codes[0][0] if item.type == "code" else FALLBACK[item.type]

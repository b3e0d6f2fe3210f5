"""The types a dated parameter can have, and how its text becomes a value."""

import json
from datetime import date

TRUE, FALSE = ("true", "1", "yes", "是"), ("false", "0", "no", "否")


def _boolean(text: str) -> bool:
    word = text.lower()
    if word not in TRUE + FALSE:
        raise ValueError(text)
    return word in TRUE


def _number(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")) or number != number:
        raise ValueError(text)
    return number


PARSERS = {
    "integer": int,
    "float": _number,
    "char": str,
    "date": date.fromisoformat,
    "boolean": _boolean,
    "json": json.loads,
}


def parse(value_type: str, text: str):
    """Return the value that ``text`` stands for.

    :raise ValueError: it stands for none of that type
    """
    return PARSERS[value_type]((text or "").strip())

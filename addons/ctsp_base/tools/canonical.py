"""The canonical form of values: the same content always gives the same bytes, on every machine and in every year."""

import json
from datetime import date, datetime

from . import digest


def value(content):
    """Return a JSON value for what the ORM reads: dates as ISO text, bytes as their SM3 digest.

    :raise TypeError: content has no canonical form
    """
    if content is None or isinstance(content, (bool, int, str)):
        return content
    if isinstance(content, float):
        return repr(content)
    if isinstance(content, datetime):
        return content.isoformat(sep=" ", timespec="microseconds")
    if isinstance(content, date):
        return content.isoformat()
    if isinstance(content, bytes):
        return f"sm3:{digest.sm3(content)}"
    if isinstance(content, (list, tuple)):
        return [value(item) for item in content]
    if isinstance(content, dict):
        return {str(key): value(item) for key, item in content.items()}
    raise TypeError(f"no canonical form for {type(content).__name__}")


def encode(content) -> bytes:
    """Return ``content`` as canonical JSON: sorted keys, no blanks, UTF-8."""
    return json.dumps(value(content), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

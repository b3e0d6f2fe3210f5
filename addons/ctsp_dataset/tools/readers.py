"""Row streams out of what institutions send: JSON (one or many), NDJSON, csv and xlsx. Memory is bounded.

Every reader yields ``dict`` rows, or a :class:`~.findings.Finding` for a row that cannot be read. A file that cannot
be read at all raises :class:`~.unreadable.Unreadable`, whose argument is a sentence in Chinese.
"""
from . import json_stream, tables
from .folding import folded
from .unreadable import Unreadable

#: kind → reader of the lines of a table
TABLES = {"csv": lambda stream, _definition: tables.csv_rows(stream), "xlsx": tables.xlsx_rows}


def rows_of(stream, kind, definition):
    """Return ``(rows, lenient)`` of a binary stream that can be read from its beginning."""
    if kind == "json":
        return json_stream.json_rows(stream), False
    if kind == "ndjson":
        return json_stream.ndjson_rows(stream), False
    if kind in TABLES:
        return folded(TABLES[kind](stream, definition), definition), True
    raise Unreadable("kind", f"不支持的格式：{kind}")

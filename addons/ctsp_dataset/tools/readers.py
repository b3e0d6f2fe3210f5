"""Row streams out of what institutions send: JSON (one or many), NDJSON, csv and xlsx. Memory is bounded.

Every reader yields ``dict`` rows, or a :class:`~.findings.Finding` for a row that cannot be read. A file that cannot
be read at all raises :class:`~.unreadable.Unreadable`, whose argument is a sentence in Chinese.
"""
from . import json_stream, tables
from .unreadable import Unreadable


def rows_of(stream, kind, definition):
    """Return ``(rows, lenient)`` of a binary stream that can be read from its beginning."""
    if kind == "json":
        return json_stream.json_rows(stream), False
    if kind == "ndjson":
        return json_stream.ndjson_rows(stream), False
    if kind == "csv":
        return tables.folded(tables.csv_rows(stream), definition), True
    if kind == "xlsx":
        return tables.folded(tables.xlsx_rows(stream, definition), definition), True
    raise Unreadable("kind", f"不支持的格式：{kind}")

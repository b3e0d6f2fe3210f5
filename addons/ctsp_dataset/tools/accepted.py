"""Accepted rows as a table that people read, and that the interface reads again: one line a row, and one more for each
further inner row, as in the template. Streamed."""
import csv
import io

from odoo.addons.ctsp_base.tools.coercion import FORMULA_STARTS

PIECE = 1 << 16
TRUTH = {True: "是", False: "否"}


def table(definition, rows):
    """Yield bytes of a csv of ``(number, row)``; what begins like a formula is quoted."""
    columns = list(definition.columns())
    yield "\ufeff".encode()
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow([title for title, _outer, _item in columns])
    for _number, row in rows:
        writer.writerows(_lines(columns, row))
        if stream.tell() > PIECE:
            yield stream.getvalue().encode()
            stream.seek(0)
            stream.truncate()
    yield stream.getvalue().encode()


def _lines(columns, row):
    """Yield the lines of a row: its own values stand in the first."""
    inner = {outer: row.get(outer) or [{}] for _title, outer, _item in columns if outer}
    for place in range(max(map(len, inner.values()), default=1)):
        cells = []
        for _title, outer, item in columns:
            if outer:
                source = inner[outer][place] if place < len(inner[outer]) else {}
            else:
                source = {} if place else row
            cells.append(_text(item, source.get(item.code)))
        yield cells


def _text(item, value):
    if value is None:
        return ""
    text = TRUTH[value] if isinstance(value, bool) else dict(item.codes).get(value, str(value))
    return f"'{text}" if text[:1] in FORMULA_STARTS and isinstance(value, str) else text

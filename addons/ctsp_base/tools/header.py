"""Finds the header of a table and checks that what is below it can be trusted."""
import re
import unicodedata

from openpyxl.utils import get_column_letter, range_boundaries

from .tabular import HEADER_SEARCH_ROWS, Limits, Table, TabularError


def normalise(label):
    """Fold a header for comparison: width, case, blanks, and the marks people put on required columns."""
    text = unicodedata.normalize("NFKC", str(label if label is not None else "")).casefold()
    return re.sub(r"[\s*:：_＊]|\((?:必填|required)\)", "", text)


def cut(sheet, known=(), limits=None):
    """Cut ``sheet`` at its header row.

    The header is, among the first rows, the one with most labels in ``known``; when none is known, the first row
    that looks like one. Titles above it are skipped. Duplicated headers, merged cells at or under the header and
    too many rows are refused.
    """
    limits = limits or Limits()
    position = _find(sheet.rows, {normalise(label) for label in known})
    if position is None:
        raise TabularError("no_header")
    number, values = sheet.rows[position]
    body = sheet.rows[position + 1:]
    _refuse_merged(sheet.merged, number)
    columns = _columns(values, body)
    if not body:
        raise TabularError("no_rows", row=number)
    if len(body) > limits.rows:
        raise TabularError("too_many_rows", limit=limits.rows)
    return Table(number, columns, body)


def _find(rows, known):
    head = rows[:HEADER_SEARCH_ROWS]
    scores = [sum(normalise(value) in known for value in values if value is not None) for _number, values in head]
    if scores and max(scores) > 0:
        return scores.index(max(scores))
    for position, (_number, values) in enumerate(head):
        filled = [value for value in values if value not in (None, "")]
        if len(filled) < 2 and max(len(row) for _n, row in rows) > 1:
            continue  # a title above a wider table
        return position if all(_is_label(value) for value in filled) else None
    return None


def _is_label(value):
    """A header is a short word, not a number, a date or a long code."""
    return isinstance(value, str) and len(value) <= 60 and not re.fullmatch(r"[\d\s./:+-]+", value.strip())


def _refuse_merged(merged, header_row):
    bad = [ref for ref in merged if range_boundaries(ref)[3] >= header_row]
    if bad:
        raise TabularError("merged_cells", cells=", ".join(bad[:5]))


def _columns(values, body):
    width = max([len(values)] + [len(row) for _number, row in body])
    columns, seen, doubled = [], set(), []
    for index in range(width):
        label = str(values[index]).strip() if index < len(values) and values[index] is not None else ""
        if not label:
            continue
        folded = normalise(label)
        if folded in seen:
            doubled.append(f"{label} ({get_column_letter(index + 1)})")
        seen.add(folded)
        columns.append((index, label))
    if doubled:
        raise TabularError("duplicate_headers", headers=", ".join(doubled))
    return columns

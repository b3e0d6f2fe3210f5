"""Lines of a table as rows: headers are field codes or Chinese names; ``列表.字段`` columns make inner rows.

A row whose own columns are empty, or repeat the key of the row before, adds an inner row to it.
"""
from .findings import finding
from .unreadable import Unreadable

MARK = "校验结果"
"""beginning of the header of the column that tells what was found, in a table handed out to be mended; not data"""
NAMED = 5
TELLING = 4
"""values at least that tell a sample row from one that is like it by chance"""


def folded(lines, definition):
    """Yield the rows of a table: the header found among the first lines, inner rows gathered under their row.

    More inner rows than a list may have are not gathered: one too many is left, which the check of the list refuses.
    The sample row of the template, left in as it was handed out, is a finding: it speaks of nothing that exists.
    """
    limits = {item.code: item.limit for item in definition.fields}
    sample, current, last = _row_of_template(definition), None, 0
    for number, _cells, row, is_inner in _walk(lines, definition):
        if not number:
            continue
        if is_inner:
            _append(current, row, limits)
            continue
        if current is not None:
            yield finding(last, "", "sample") if current == sample else current
        current, last = row, number
    if current is not None:
        yield finding(last, "", "sample") if current == sample else current


def placed(lines, definition):
    """Yield ``(number of the row, cells)`` of each line: 0 is the header, None an empty line."""
    for number, cells, _read, _is_inner in _walk(lines, definition):
        yield number, cells


def _walk(lines, definition):
    """Yield ``(number of the row, cells, row, whether it only adds inner rows to the row before)`` of each line."""
    columns, current, number = None, None, 0
    for cells in lines:
        if _is_blank(cells):
            yield None, cells, None, False
        elif columns is None:
            columns = _columns(cells, definition)
            yield 0, cells, None, False
        else:
            row = _row(cells, columns)
            is_inner = current is not None and _continues(row, current, definition)
            if not is_inner:
                number, current = number + 1, row
            yield number, cells, row, is_inner
    if columns is None:
        raise Unreadable("empty", "文件中没有表头")


def _is_blank(cells):
    return cells.count(None) == len(cells) or all(cell is None or str(cell).strip() == "" for cell in cells)


def is_header(cells, definition):
    """Return whether a line is rather a header of the data set than anything else."""
    texts, known = _texts(cells), _known(definition)
    return 2 * sum(text in known for text in texts) > len([text for text in texts if text])


def _texts(cells):
    return [str(cell).strip().lstrip("*").strip() if cell is not None else "" for cell in cells]


def _known(definition):
    """Return ``{header: (outer code or None, code)}`` of all columns a table may have."""
    known = {}
    for item in definition.fields:
        known[item.code] = known[item.name] = (None, item.code)
        for inner in item.fields:
            for outer_name in (item.code, item.name):
                for inner_name in (inner.code, inner.name):
                    known[f"{outer_name}.{inner_name}"] = (item.code, inner.code)
    return known


def _columns(cells, definition):
    """Return ``[(outer code or None, code) or None]`` up to the last header; one that names no field keeps its text."""
    known, texts = _known(definition), _texts(cells)
    while texts and not texts[-1]:
        texts.pop()
    own = [text for text in texts if text and not text.startswith(MARK)]
    strange = [text for text in own if text not in known]
    if len(strange) == len(own):
        raise Unreadable("header", "第一行不是表头：没有一列与数据集的字段代码或中文名相符")
    if 2 * len(strange) > len(own):
        names = "、".join(text[:20] for text in strange[:NAMED])
        raise Unreadable("header", f"多数列（{names}等）不属于数据集“{definition.name}”：请核对是否选错了数据集或模板")
    found = [known.get(text, (None, text[:60])) for text in own]
    if len(set(found)) != len(found):
        raise Unreadable("header", "表头有重复的列")
    return [None if text.startswith(MARK) else known.get(text, (None, text[:60])) if text else
            (None, f"第{place}列") for place, text in enumerate(texts, 1)]


def _row(cells, columns):
    row, inner = {}, {}
    for column, cell in zip(columns, cells):
        if column is None or cell is None or cell == "":
            continue
        if isinstance(cell, str) and not cell.strip():
            continue
        outer, code = column
        if outer:
            inner.setdefault(outer, {})[code] = cell
        else:
            row[code] = cell
    for outer, line in inner.items():
        row[outer] = [line]
    if any(cells[len(columns):]):
        _beyond(row, cells, len(columns))
    return row


def _beyond(row, cells, width):
    """Put what stands beyond the header into the row, where the check refuses it: a comma too many moves all values."""
    for place, cell in enumerate(cells[width:], width + 1):
        if str(cell or "").strip():
            row[f"第{place}列"] = cell


def _row_of_template(definition):
    """Return the sample row of the template as :func:`_row` reads it, None where a real one may well be like it."""
    columns = list(definition.columns())
    row = _row([sample_cell(item) for _title, _outer, item in columns],
               [(outer, item.code) for _title, outer, item in columns])
    return row if definition.keys and len(row) >= TELLING else None


def sample_cell(item):
    """Return the text of a field's example in the template."""
    return dict(item.codes).get(item.example, item.example)


def _continues(row, current, definition):
    own = {code: value for code, value in row.items() if not isinstance(value, list)}
    if len(own) == len(row):
        return False
    return not own or (bool(definition.keys) and all(own.get(code) == current.get(code) for code in definition.keys))


def _append(current, row, limits):
    for code, value in row.items():
        if isinstance(value, list):
            inner = current.setdefault(code, [])
            if len(inner) <= limits.get(code, 0):
                inner.extend(value)

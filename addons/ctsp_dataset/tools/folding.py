"""Lines of a table as rows: headers are field codes or Chinese names; ``列表.字段`` columns make inner rows.

A row whose own columns are empty, or repeat the key of the row before, adds an inner row to it.
"""
from .unreadable import Unreadable

MARK = "校验结果"
"""header of the column that tells what was found, in a table that is handed out to be mended; not part of the data"""


def folded(lines, definition):
    """Yield the rows of a table: the header found among the first lines, inner rows gathered under their row.

    More inner rows than a list may have are not gathered: one too many is left, which the check of the list refuses.
    """
    limits = {item.code: item.limit for item in definition.fields}
    current = None
    for number, _cells, row, is_inner in _walk(lines, definition):
        if not number:
            continue
        if is_inner:
            _append(current, row, limits)
            continue
        if current is not None:
            yield current
        current = row
    if current is not None:
        yield current


def placed(lines, definition):
    """Yield ``(number of the row, cells)`` of each line: 0 is the header, None an empty line."""
    for number, cells, _read, _is_inner in _walk(lines, definition):
        yield number, cells


def _walk(lines, definition):
    """Yield ``(number of the row, cells, row, whether it only adds inner rows to the row before)`` of each line."""
    columns, current, number = None, None, 0
    for cells in lines:
        if all(cell is None or str(cell).strip() == "" for cell in cells):
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


def _columns(cells, definition):
    """Return ``[(outer code or None, code) or None]``; a header that names no field keeps its text."""
    known = {}
    for item in definition.fields:
        known[item.code] = known[item.name] = (None, item.code)
        for inner in item.fields:
            for outer_name in (item.code, item.name):
                for inner_name in (inner.code, inner.name):
                    known[f"{outer_name}.{inner_name}"] = (item.code, inner.code)
    columns = []
    for cell in cells:
        text = str(cell).strip().lstrip("*").strip() if cell is not None else ""
        columns.append(known.get(text, (None, text[:60])) if text and text != MARK else None)
    if not any(column in known.values() for column in columns if column):
        raise Unreadable("header", "第一行不是表头：没有一列与数据集的字段代码或中文名相符")
    given = [column for column in columns if column]
    if len(set(given)) != len(given):
        raise Unreadable("header", "表头有重复的列")
    return columns


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
    return row


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

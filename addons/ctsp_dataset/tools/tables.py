"""csv and xlsx as rows: headers are field codes or Chinese names; ``列表.字段`` columns make inner rows.

A row whose own columns are empty, or repeat the key of the row before, adds an inner row to it.
"""
import codecs
import csv
import io
import re
import zipfile
import zlib
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.xml.functions import iterparse

from .unreadable import Unreadable, csv_reason

CHUNK = 1 << 16
UNPACKED_LIMIT = 400 << 20
RATIO_LIMIT = 200
ENTRY_LIMIT = 2000
COLUMN_LIMIT = 300
CELL_LIMIT = 32_767
STRINGS = "xl/sharedstrings.xml"
STRINGS_LIMIT = 64 << 20
"""bytes of the texts of a workbook, which are read whole"""
FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
BROKEN = (KeyError, ValueError, TypeError, AttributeError, IndexError, zipfile.BadZipFile, EOFError, OSError,
          ParseError, SyntaxError, NotImplementedError, RuntimeError, zlib.error)


def csv_rows(stream):
    """Yield lists of cells of a csv file."""
    try:
        reader, _text = _csv_reader(stream)
    except UnicodeDecodeError:
        raise Unreadable("encoding", "文件编码有误，请另存为 UTF-8 或 GBK") from None
    try:
        for values in reader:
            if len(values) > COLUMN_LIMIT:
                raise Unreadable("columns", f"第{reader.line_num}行超过{COLUMN_LIMIT}列")
            # the quote that guards against formulas in spreadsheets is taken off again
            yield [value[1:] if value[:1] == "'" and value[1:2] in "=+-@" else value for value in values]
    except csv.Error as error:
        raise Unreadable("csv", f"csv 第{reader.line_num}行有误：{csv_reason(str(error))}") from None
    except UnicodeDecodeError:
        raise Unreadable("encoding", "文件编码有误，请另存为 UTF-8 或 GBK") from None


def _csv_reader(stream):
    """Return ``(reader, text stream)`` of a csv file: UTF-8, UTF-16 by its mark, else GB18030."""
    encoding = _encoding(stream)
    text = io.TextIOWrapper(stream, encoding=encoding, newline="", errors="strict")
    head = text.readline()
    text.seek(0)
    delimiter = max(",\t;", key=head.count)
    return csv.reader(text, delimiter=delimiter, strict=True), text


def _encoding(stream):
    start = stream.read(4)
    stream.seek(0)
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if start.startswith(mark):
            return encoding
    for encoding in ("utf-8", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            while data := stream.read(CHUNK):
                decoder.decode(data)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            stream.seek(0)
            continue
        stream.seek(0)
        return encoding
    raise Unreadable("encoding", "无法识别文件编码，请另存为 UTF-8 或 GBK")


def check_archive(stream):
    """Refuse what would unpack to too much, is nested or carries document types (entity bombs)."""
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
            packed = sum(entry.compress_size for entry in entries) or 1
            unpacked = sum(entry.file_size for entry in entries)
            if len(entries) > ENTRY_LIMIT or unpacked > UNPACKED_LIMIT or (
                    unpacked > 10 << 20 and unpacked / packed > RATIO_LIMIT):
                raise Unreadable("zip_bomb", "文件解压后过大，已拒绝")
            texts = sum(entry.file_size for entry in entries if entry.filename.lower() == STRINGS)
            if texts > STRINGS_LIMIT or (texts > 1 << 20 and _entries(archive) > STRINGS_LIMIT >> 6):
                raise Unreadable("zip_bomb", "工作簿中的文本过多，请分批报送或改用 csv")
            if "xl/workbook.xml" not in archive.namelist():
                raise Unreadable("xlsx", "不是 xlsx 文件")
            for entry in entries:
                if entry.filename.endswith((".xml", ".rels")):
                    with archive.open(entry) as part:
                        if b"<!DOCTYPE" in part.read(4096).upper():
                            raise Unreadable("xlsx", "文件含不允许的 XML 声明")
    except BROKEN as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("xlsx", "不是有效的 xlsx 文件，或文件已损坏") from None
    finally:
        stream.seek(0)


def _entries(archive):
    """Return how many shared texts a workbook has; each is an object in memory, however short."""
    count, rest = 0, b""
    for name in archive.namelist():
        if name.lower() == STRINGS:
            with archive.open(name) as part:
                while piece := part.read(1 << 20):
                    piece = rest + piece
                    count += piece.count(b"<si") + piece.count(b":si")
                    rest = piece[-2:]
    return count


def xlsx_rows(stream, definition=None):
    """Yield lists of cells of the sheet named like the data set, else of the first visible one."""
    check_archive(stream)
    book = None
    try:
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        wanted = definition and [sheet for sheet in sheets if sheet.title in (definition.name, definition.code)]
        sheet = (wanted or sheets)[0]
        _check_formulas(stream, sheet._worksheet_path)
        sheet.reset_dimensions()
        for values in sheet.iter_rows(values_only=True, max_col=COLUMN_LIMIT):
            yield list(values)
    except BROKEN as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("xlsx", "不是有效的 xlsx 文件，或文件已损坏") from None
    finally:
        if book:
            book.close()


def _check_formulas(stream, path):
    """Refuse a sheet with a formula whose result is not kept: read as values, the cell would be empty, and nobody
    would know. Programs that write workbooks leave results out; spreadsheets keep them, an empty text as well."""
    with zipfile.ZipFile(stream) as archive:
        with archive.open(path) as part:
            before = b""
            while (piece := part.read(CHUNK)) and not FORMULA.search(before + piece):
                before = piece[-64:]
        if not piece:
            return
        with archive.open(path) as part:
            for _event, element in iterparse(part):
                if element.tag.endswith("}row"):
                    element.clear()
                elif element.tag.endswith("}c") and element.find("{*}f") is not None:
                    kept = element.find("{*}v")
                    if kept is None or (not kept.text and element.get("t") != "str"):
                        raise Unreadable("formula", f"单元格 {element.get('r', '')} 是公式，文件中没有保存它的结果："
                                         "请用电子表格软件打开并保存后再报送，或改为填写数值")


# -- columns to fields -----------------------------------------------------------------------------

def folded(lines, definition):
    """Yield the rows of a table: the header found among the first lines, inner rows gathered under their row.

    More inner rows than a list may have are not gathered: one too many is left, which the check of the list refuses.
    """
    limits = {item.code: item.limit for item in definition.fields}
    columns, current = None, None
    for cells in lines:
        if all(cell is None or str(cell).strip() == "" for cell in cells):
            continue
        if columns is None:
            columns = _columns(cells, definition)
            continue
        row = _row(cells, columns)
        if current is not None and _continues(row, current, definition):
            _append(current, row, limits)
            continue
        if current is not None:
            yield current
        current = row
    if columns is None:
        raise Unreadable("empty", "文件中没有表头")
    if current is not None:
        yield current


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
        columns.append(known.get(text, (None, text[:60])) if text else None)
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

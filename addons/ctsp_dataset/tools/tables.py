"""csv and xlsx as lists of cells, line by line, within bounds of memory."""
import codecs
import csv
import io
import re
import zipfile

import openpyxl
from openpyxl.xml.functions import iterparse

from odoo.addons.ctsp_base.tools.damaged import ARCHIVE

from .folding import is_header
from .unreadable import Unreadable, csv_reason

CHUNK = 1 << 16
ROWS_OF_A_SHEET = 1 << 20
"""rows that a sheet of a spreadsheet has; one that is said to stand far below would be waited for"""
LOOKED_AT = 20
"""rows of another sheet that are looked at for a table"""
UNPACKED_LIMIT = 400 << 20
RATIO_LIMIT = 200
ENTRY_LIMIT = 2000
COLUMN_LIMIT = 300
CELL_LIMIT = 32_767
STRINGS = "xl/sharedstrings.xml"
STRINGS_LIMIT = 64 << 20
"""bytes of the texts of a workbook, which are read whole"""
FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
MERGED = re.compile(rb'mergeCell\s[^>]*?ref="([A-Z]{1,3}(\d{1,7}):[A-Z]{1,3}(\d{1,7}))"')
FORBIDDEN = re.compile(r"[\[\]:*?/\\]|^'|'$")
"""what a sheet's name must not have"""


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
    except ARCHIVE as error:
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


def sheet_name(definition):
    """Return the name of the sheet with the data of a data set."""
    return FORBIDDEN.sub("_", definition.name)[:31]


def unpacked(content):
    """Return the size of a workbook's parts, which says how much work it is; 0 when it is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return sum(entry.file_size for entry in archive.infolist())
    except ARCHIVE:
        return 0


def xlsx_rows(stream, definition=None):
    """Yield lists of cells of the sheet named like the data set, else of the first visible one."""
    check_archive(stream)
    book = None
    try:
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        wanted = definition and [sheet for sheet in sheets if sheet.title in (
            definition.name, definition.code, sheet_name(definition))]
        sheet = (wanted or sheets)[0]
        if definition:
            _check_others([other for other in sheets if other is not sheet], sheet.title, definition)
        _check_cells(stream, sheet._worksheet_path, definition)
        sheet.reset_dimensions()
        for number, values in enumerate(sheet.iter_rows(values_only=True, max_col=COLUMN_LIMIT)):
            if number > ROWS_OF_A_SHEET:
                raise Unreadable("xlsx", "不是有效的 xlsx 文件：行号过大")
            yield list(values)
    except ARCHIVE as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("xlsx", "不是有效的 xlsx 文件，或文件已损坏") from None
    finally:
        if book:
            book.close()


def _check_others(sheets, title, definition):
    """Refuse data of the data set on another sheet, too: it would be left out, and nobody would know."""
    for other in sheets:
        other.reset_dimensions()
        lines = [line for line in other.iter_rows(values_only=True, max_row=LOOKED_AT, max_col=COLUMN_LIMIT)
                 if any(cell is not None and str(cell).strip() for cell in line)]
        if len(lines) > 1 and is_header(lines[0], definition):
            raise Unreadable("sheets", f"工作表“{other.title}”中也有本数据集的数据，读取的是“{title}”："
                             "请合并到一个工作表中，或删去多余的工作表")


def _check_cells(stream, path, definition):
    """Refuse a sheet whose cells, read as values, are empty where people see something: formulas whose result is not
    kept, and cells merged with those below where each line is a row."""
    with zipfile.ZipFile(stream) as archive:
        has_formula, lists = False, not definition or any(item.type == "list" for item in definition.fields)
        with archive.open(path) as part:
            before = b""
            while piece := part.read(CHUNK):
                has_formula = has_formula or bool(FORMULA.search(before + piece))
                if not lists and b"mergeCell " in before + piece:
                    _check_merged(before + piece)
                before = piece[-128:]
        if has_formula:
            _check_formulas(archive, path)


def _check_merged(text):
    for cells, first, last in MERGED.findall(text):
        if int(last) > int(first):
            raise Unreadable("merged", f"{cells.decode()} 是合并单元格，只有第一格有内容："
                             "请取消合并，在每一行中填写后再报送")


def _check_formulas(archive, path):
    """Refuse a formula whose result is not kept. Programs that write workbooks leave results out; spreadsheets keep
    them, an empty text as well."""
    with archive.open(path) as part:
        for _event, element in iterparse(part):
            if element.tag.endswith("}row"):
                element.clear()
            elif element.tag.endswith("}c") and element.find("{*}f") is not None:
                kept = element.find("{*}v")
                if kept is None or (not kept.text and element.get("t") != "str"):
                    raise Unreadable("formula", f"单元格 {element.get('r', '')} 是公式，文件中没有保存它的结果："
                                     "请用电子表格软件打开并保存后再报送，或改为填写数值")

"""csv and xlsx as lists of cells, line by line, within bounds of memory."""
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

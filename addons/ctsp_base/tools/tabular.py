"""Reads the tables people hand in: xlsx, xls and csv, as they really look.

Plain Python, no database. Every refusal is a :class:`TabularError` whose ``code`` names the reason; the
caller translates it. Values keep their type (``str``, ``int``, ``float``, ``bool``, ``date``, ``datetime``);
a formula gives the value the spreadsheet stored, never its text.
"""
import csv
import io
import re
import zipfile
from dataclasses import dataclass, field

import openpyxl

from . import damaged

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
WORKBOOK_STREAMS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
HEADER_SEARCH_ROWS = 20
TEXT_SUFFIXES = (".csv", ".txt", ".tsv")
MERGE = re.compile(rb'<mergeCell\s[^>]*?ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')


class TabularError(ValueError):
    """A file that cannot be read as a table. ``code`` is the reason, ``params`` what the message needs."""

    def __init__(self, code, **params):
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True)
class Limits:
    """What one file may cost. Sizes in bytes; rows count non-empty ones."""

    file_size: int = 20 * 1024 * 1024
    unpacked_size: int = 400 * 1024 * 1024
    rows: int = 50_000
    columns: int = 300


@dataclass
class Sheet:
    """Non-empty rows of one sheet as ``(row number as the user sees it, values)``."""

    name: str
    rows: list = field(default_factory=list)
    merged: list = field(default_factory=list)


@dataclass
class Table:
    """A sheet cut at its header. ``columns`` are ``(index, header)``; ``rows`` are those below the header."""

    header_row: int
    columns: list
    rows: list


def file_kind(content, filename, limits=None):
    """Return ``xlsx``, ``xls`` or ``csv`` from what is inside the file; the name only breaks ties."""
    limits = limits or Limits()
    if not content or not content.strip(b"\xef\xbb\xbf \r\n\t"):
        raise TabularError("empty_file")
    if len(content) > limits.file_size:
        raise TabularError("file_too_large", size=len(content), limit=limits.file_size)
    if content.startswith(b"PK"):
        return _zip_kind(content, limits)
    if content.startswith(OLE_MAGIC):
        return _ole_kind(content)
    if not (filename or "").lower().endswith(TEXT_SUFFIXES) or _looks_binary(content):
        raise TabularError("wrong_type", name=filename or "")
    return "csv"


def _looks_binary(content):
    return b"\0" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff"))


def _zip_kind(content, limits):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            unpacked = sum(info.file_size for info in archive.infolist())
    except damaged.ARCHIVE as error:
        raise TabularError("corrupt") from error
    if "xl/workbook.bin" in names:
        raise TabularError("xlsb")
    if "xl/workbook.xml" not in names:
        raise TabularError("wrong_type", name="zip")
    if unpacked > limits.unpacked_size:
        raise TabularError("file_too_large", size=unpacked, limit=limits.unpacked_size)
    return "xlsx"


def _ole_kind(content):
    if ENCRYPTED in content:
        raise TabularError("password")
    if any(name in content for name in WORKBOOK_STREAMS):
        return "xls"
    raise TabularError("wrong_type", name="ole")


def sheet_names(content, filename, limits=None):
    """Return the names of the visible sheets; a csv file has one, without a name."""
    kind = file_kind(content, filename, limits)
    if kind == "csv":
        return [""]
    if kind == "xls":
        return _xls_book(content).sheet_names()
    book = _xlsx_book(content)
    try:
        return [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
    finally:
        book.close()


def read_sheet(content, filename, sheet=None, limits=None):
    """Return the :class:`Sheet` named ``sheet`` (the first one when not given)."""
    limits = limits or Limits()
    kind = file_kind(content, filename, limits)
    reader = {"csv": _read_csv, "xls": _read_xls, "xlsx": _read_xlsx}[kind]
    result = reader(content, sheet, limits)
    if not result.rows:
        raise TabularError("empty_sheet", sheet=result.name)
    return result


def _collect(name, numbered_rows, limits):
    sheet = Sheet(name)
    for number, values in numbered_rows:
        while values and (values[-1] is None or str(values[-1]).strip() == ""):
            values.pop()
        if not values:
            continue
        if len(values) > limits.columns:
            raise TabularError("too_many_columns", count=len(values), limit=limits.columns)
        if len(sheet.rows) > limits.rows + HEADER_SEARCH_ROWS:
            raise TabularError("too_many_rows", limit=limits.rows)
        sheet.rows.append((number, values))
    return sheet


# -- csv ------------------------------------------------------------------------------------------

def decode(content):
    """Return the text of a csv file: UTF-8 or UTF-16 by their marks, else UTF-8, else GB18030."""
    marks = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
    marked = [encoding for mark, encoding in marks if content.startswith(mark)]
    for encoding in marked or ("utf-8", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TabularError("encoding")


def _delimiter(text):
    """The separator that appears most often in the first lines, outside quotes."""
    head = re.sub(r'"[^"]*"', "", "\n".join(text.splitlines()[:HEADER_SEARCH_ROWS]))
    return max(",\t;", key=head.count)


def _read_csv(content, _sheet, limits):
    text = decode(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    numbered = ((reader.line_num, list(values)) for values in reader)
    try:
        return _collect("", numbered, limits)
    except csv.Error as error:
        raise TabularError("corrupt_csv", line=reader.line_num) from error


# -- xlsx -----------------------------------------------------------------------------------------

def _xlsx_book(content):
    try:
        return openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except damaged.ARCHIVE as error:
        raise TabularError("corrupt") from error


def _read_xlsx(content, name, limits):
    book = _xlsx_book(content)
    try:
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        chosen = [sheet for sheet in visible if sheet.title == name] if name else visible
        if not chosen:
            raise TabularError("no_sheet", sheet=name or "")
        sheet = chosen[0]
        sheet.reset_dimensions()
        numbered = ((number, list(values)) for number, values in enumerate(sheet.iter_rows(values_only=True), 1))
        result = _collect(sheet.title, numbered, limits)
        result.merged = _merged_ranges(content, sheet._worksheet_path)
        return result
    except damaged.ARCHIVE as error:
        if isinstance(error, TabularError):
            raise
        raise TabularError("corrupt") from error
    finally:
        book.close()


def _merged_ranges(content, path):
    """openpyxl does not tell merged cells when it streams: read them off the sheet's XML, in pieces."""
    found, tail = set(), b""
    with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(path.lstrip("/")) as stream:
        while piece := stream.read(1 << 20):
            found.update(MERGE.findall(tail + piece))
            tail = piece[-200:]
    return sorted(ref.decode() for ref in found)


# -- xls ------------------------------------------------------------------------------------------

def _xls_book(content):
    try:
        import xlrd
    except ImportError as error:
        raise TabularError("xls_unsupported") from error
    try:
        return xlrd.open_workbook(file_contents=content, formatting_info=False, logfile=io.StringIO())
    except (xlrd.XLRDError, xlrd.compdoc.CompDocError, *damaged.ARCHIVE) as error:
        raise TabularError("password" if "ncrypted" in str(error) else "corrupt") from error


def _read_xls(content, name, limits):
    import xlrd
    book = _xls_book(content)
    if name and name not in book.sheet_names():
        raise TabularError("no_sheet", sheet=name)
    try:
        sheet = book.sheet_by_name(name) if name else book.sheet_by_index(0)
        return _collect(sheet.name, _xls_rows(sheet, book.datemode), limits)
    except (xlrd.XLRDError, xlrd.compdoc.CompDocError, *damaged.ARCHIVE) as error:
        if isinstance(error, TabularError):
            raise
        raise TabularError("corrupt") from error


def _xls_rows(sheet, datemode):
    """Yield ``(row number, values)``."""
    import xlrd

    def value(cell):
        if cell.ctype == xlrd.XL_CELL_DATE:
            return xlrd.xldate_as_datetime(cell.value, datemode)
        if cell.ctype == xlrd.XL_CELL_BOOLEAN:
            return bool(cell.value)
        if cell.ctype == xlrd.XL_CELL_ERROR:
            return xlrd.error_text_from_code.get(cell.value, "#N/A")
        return None if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK) else cell.value

    for index in range(sheet.nrows):
        yield index + 1, [value(cell) for cell in sheet.row(index)]

"""Writes rows to xlsx or csv as they come, without holding them.

Plain Python. Text is always written as text: nothing a user typed becomes a formula, a link or a number.
"""
import csv
import datetime as dt
import os
import unicodedata

import xlsxwriter

from .coercion import FORMULA_STARTS

CELL_LIMIT = 32_767  # characters, Excel
SHEET_LIMIT = 1_000_000  # rows of one sheet; Excel ends at 1,048,576
DATE, DATETIME, NUMBER, INTEGER, TEXT = "date", "datetime", "number", "integer", "text"
NUM_FORMATS = {DATE: "yyyy-mm-dd", DATETIME: "yyyy-mm-dd hh:mm:ss", NUMBER: "#,##0.00", INTEGER: "0"}
WIDTHS = {DATE: 12, DATETIME: 20, NUMBER: 14, INTEGER: 10}
MAX_WIDTH = 48


def display_width(value):
    """Columns a text takes on screen: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in str(value))


def excel_name(title):
    """A sheet name Excel accepts."""
    cleaned = "".join("_" if char in '[]:*?/\\' else char for char in title).strip("'")
    return cleaned[:31] or "Sheet1"


class XlsxSink:
    """A workbook with a title, a line that says when and by whom, a frozen header and filters.

    :param columns: ``[(header, kind)]``
    """

    HEADER_ROW = 2

    def __init__(self, path, title, subtitle, columns):
        self._columns = columns
        self._title, self._subtitle = title, subtitle
        self._widths = [max(WIDTHS.get(kind, 10), display_width(header) + 4) for header, kind in columns]
        self._book = xlsxwriter.Workbook(path, {
            "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
            "strings_to_numbers": False, "nan_inf_to_errors": True,
            "tmpdir": os.path.dirname(path),  # rows wait there until the book is closed
        })
        font = {"font_name": "等线", "font_size": 11, "valign": "vcenter"}
        self._title_format = self._book.add_format(font | {"bold": True, "font_size": 14})
        self._subtitle_format = self._book.add_format(font | {"font_color": "#666666", "font_size": 10})
        self._header_format = self._book.add_format(
            font | {"bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF", "border": 1, "text_wrap": True})
        self._formats = {
            kind: self._book.add_format(font | {"num_format": NUM_FORMATS.get(kind, "@"), "valign": "top"})
            for kind in (TEXT, *NUM_FORMATS)
        }
        self._sheets = 0
        self._open_sheet()

    def _open_sheet(self):
        self._sheets += 1
        suffix = f" {self._sheets}" if self._sheets > 1 else ""
        self._sheet = self._book.add_worksheet(excel_name(self._title)[:31 - len(suffix)] + suffix)
        self._sheet.set_row(0, 24)
        self._sheet.write_string(0, 0, self._title, self._title_format)
        self._sheet.write_string(1, 0, self._subtitle, self._subtitle_format)
        self._sheet.set_row(self.HEADER_ROW, 20)
        for index, (header, _kind) in enumerate(self._columns):
            self._sheet.write_string(self.HEADER_ROW, index, header, self._header_format)
        self._sheet.freeze_panes(self.HEADER_ROW + 1, 1 if len(self._columns) > 3 else 0)
        self._sheet.repeat_rows(self.HEADER_ROW)
        self._sheet.set_landscape()
        self._sheet.fit_to_pages(1, 0)
        self._row = self.HEADER_ROW + 1

    def append(self, values):
        """Append one row."""
        if self._row - self.HEADER_ROW > SHEET_LIMIT:
            self._close_sheet()
            self._open_sheet()
        for index, value in enumerate(values):
            if value is not None and value is not False and value != "":
                self._write_cell(index, value, self._columns[index][1])
        self._row += 1

    def _write_cell(self, index, value, kind):
        form = self._formats[kind]
        if kind in (DATE, DATETIME) and isinstance(value, dt.date):
            self._sheet.write_datetime(self._row, index, value, form)
        elif kind in (NUMBER, INTEGER) and isinstance(value, int | float):
            self._sheet.write_number(self._row, index, value, form)
        else:
            text = str(value)
            if len(text) > CELL_LIMIT:
                text = text[:CELL_LIMIT - 1] + "…"
            self._sheet.write_string(self._row, index, text, self._formats[TEXT])
            if self._row < 200:
                self._widths[index] = max(self._widths[index], min(display_width(text[:60]) + 2, MAX_WIDTH))

    def _close_sheet(self):
        if self._columns:
            self._sheet.autofilter(self.HEADER_ROW, 0, max(self._row - 1, self.HEADER_ROW), len(self._columns) - 1)
        for index, width in enumerate(self._widths):
            self._sheet.set_column(index, index, width)

    def close(self):
        """Finish the file."""
        self._close_sheet()
        self._book.close()


class CsvSink:
    """UTF-8 with its mark, so that a spreadsheet shows Chinese; header first, no title lines."""

    def __init__(self, path, _title, _subtitle, columns):
        self._file = open(path, "w", encoding="utf-8-sig", newline="")  # noqa: SIM115 - closed by close()
        self._writer = csv.writer(self._file)
        self._writer.writerow([header for header, _kind in columns])
        self._kinds = [kind for _header, kind in columns]

    def append(self, values):
        """Append one row."""
        self._writer.writerow([self._cell(value, kind) for value, kind in zip(values, self._kinds, strict=True)])

    @staticmethod
    def _cell(value, kind):
        if value is None or value is False:
            return ""
        if isinstance(value, dt.datetime):
            return value.strftime("%Y-%m-%d %H:%M:%S")
        if kind != TEXT and not isinstance(value, str):
            return value
        text = str(value)
        return "'" + text if text.startswith(FORMULA_STARTS) else text

    def close(self):
        """Finish the file."""
        self._file.close()


SINKS = {"xlsx": XlsxSink, "csv": CsvSink}

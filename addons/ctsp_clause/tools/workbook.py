"""Workbooks people read and print: a clause library, a comparison of two versions."""
import io

import xlsxwriter

from odoo.addons.ctsp_base.tools.export_writer import excel_name

from .compare import DELETE, INSERT

HEAD_ROWS = 3
FONT = {
    "font_name": "等线",
    "font_size": 10,
    "valign": "top",
    "text_wrap": True,
    "border": 1,
    "border_color": "#BFBFBF",
}
COLOURS = {"added": "#E2EFDA", "removed": "#FCE4E4", "changed": "#FFF8E1", "same": "#FFFFFF"}
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def table(title, subtitle, columns, rows, tone=None):
    """Return a workbook with a title, a frozen header and wrapped cells, A4 landscape.

    :param columns: ``[(header, width in characters)]``
    :param rows: lists of text, or of ``[(op, text)]`` for a changed text
    :param tone: function of a row's number that names its colour (``COLOURS``)
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, OPTIONS)
    sheet = book.add_worksheet(excel_name(title))
    _head(book, sheet, title, subtitle, columns)
    formats = {name: book.add_format(FONT | {"bg_color": colour}) for name, colour in COLOURS.items()}
    marks = {
        INSERT: book.add_format({"font_color": "#1B7F3B", "bold": True, "underline": 1}),
        DELETE: book.add_format({"font_color": "#C00000", "font_strikeout": True})}
    for number, row in enumerate(rows):
        cell = formats[tone(number)] if tone else formats["same"]
        for index, value in enumerate(row):
            _write(sheet, number + HEAD_ROWS, index, value, cell, marks)
    sheet.autofilter(HEAD_ROWS - 1, 0, HEAD_ROWS - 1 + max(len(rows), 1), len(columns) - 1)
    book.close()
    return stream.getvalue()


def _head(book, sheet, title, subtitle, columns):
    plain = {"font_name": "等线"}
    sheet.write_string(0, 0, title, book.add_format(plain | {"bold": True, "font_size": 14}))
    sheet.write_string(1, 0, subtitle, book.add_format(plain | {"font_color": "#666666"}))
    head = book.add_format(plain | {
        "bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF", "border": 1, "text_wrap": True,
        "valign": "vcenter"})
    for index, (header, width) in enumerate(columns):
        sheet.set_column(index, index, width)
        sheet.write_string(HEAD_ROWS - 1, index, header, head)
    sheet.freeze_panes(HEAD_ROWS, min(2, len(columns) - 1))
    sheet.repeat_rows(HEAD_ROWS - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P / &N")


def _write(sheet, row, column, value, cell, marks):
    if not isinstance(value, list):
        sheet.write_string(row, column, str(value or ""), cell)
        return
    parts = []
    for operation, text in value:
        parts += [marks[operation], text] if operation in marks else [text]
    # a rich text needs two parts at least
    if len([part for part in parts if isinstance(part, str)]) > 1:
        sheet.write_rich_string(row, column, *parts, cell)
    else:
        sheet.write_string(row, column, "".join(text for _operation, text in value), cell)

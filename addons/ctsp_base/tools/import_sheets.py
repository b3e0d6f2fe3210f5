"""The two workbooks an import hands out: the template, and the bad rows with their reasons."""
import io

import xlsxwriter

from .export_writer import NUM_FORMATS, display_width, excel_name

LIST_ROWS = 2000  # rows of the template that get a drop-down list
OPTIONS = {
    "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "nan_inf_to_errors": True,
    "default_date_format": NUM_FORMATS["datetime"], "in_memory": True,
}


def template(title, columns, words):
    """Return the template workbook.

    :param columns: dicts with ``label``, ``required``, ``hint``, ``example``, ``options`` (list of text or ``None``)
    :param words: texts: ``notes``, ``lists``, ``field``, ``required``, ``yes``, ``how``, ``intro``
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, OPTIONS)
    font = {"font_name": "等线", "font_size": 11, "valign": "vcenter"}
    head = book.add_format(font | {"bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF", "border": 1})
    must = book.add_format(font | {"bold": True, "bg_color": "#C00000", "font_color": "#FFFFFF", "border": 1})
    grey = book.add_format(font | {"italic": True, "font_color": "#808080", "num_format": "@"})
    text = book.add_format(font | {"num_format": "@"})
    wrap = book.add_format(font | {"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet(excel_name(title))
    notes = book.add_worksheet(excel_name(words["notes"]))
    lists = book.add_worksheet(excel_name(words["lists"]))
    lists.hide()
    sheet.freeze_panes(1, 0)
    for index, column in enumerate(columns):
        label = column["label"] + (" *" if column["required"] else "")
        sheet.set_column(index, index, max(12, display_width(label) + 4), text)
        sheet.write_string(0, index, label, must if column["required"] else head)
        sheet.write_string(1, index, column["example"] or "", grey)
        if column["options"]:
            _add_list(sheet, lists, index, column["options"], excel_name(words["lists"]))
    notes.set_column(0, 0, 24)
    notes.set_column(1, 1, 10)
    notes.set_column(2, 2, 80, wrap)
    notes.merge_range(0, 0, 0, 2, words["intro"], wrap)
    notes.set_row(0, 60)
    notes.write_row(1, 0, [words["field"], words["required"], words["how"]], head)
    for index, column in enumerate(columns, 2):
        notes.write_row(index, 0, [column["label"], words["yes"] if column["required"] else "", column["hint"] or ""])
    book.close()
    return stream.getvalue()


def _add_list(sheet, lists, index, options, lists_name):
    for row, option in enumerate(options):
        lists.write_string(row, index, option)
    column = xlsxwriter.utility.xl_col_to_name(index)
    sheet.data_validation(1, index, LIST_ROWS, index, {
        "validate": "list", "source": f"='{lists_name}'!${column}$1:${column}${len(options)}",
        "error_type": "warning", "ignore_blank": True})


def bad_rows(headers, rows, reason_label):
    """Return a workbook of ``rows`` (``(cells, reason)``) under their own ``headers``, ready to be corrected."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, OPTIONS)
    head = book.add_format({"bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF", "border": 1})
    red = book.add_format({"font_color": "#C00000", "text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    labels = [*headers, reason_label]
    for index, label in enumerate(labels):
        sheet.set_column(index, index, 60 if index == len(headers) else max(12, display_width(label) + 4))
        sheet.write_string(0, index, label, head)
    for number, (cells, reason) in enumerate(rows, 1):
        for index, cell in enumerate(cells):
            if isinstance(cell, str):
                sheet.write_string(number, index, cell)
            elif cell is not None:
                sheet.write(number, index, cell)
        sheet.write_string(number, len(headers), reason, red)
    book.close()
    return stream.getvalue()

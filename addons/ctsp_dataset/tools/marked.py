"""The table that somebody sent, with what was found beside each row: mended in place, it can be sent again."""
import datetime as dt
import io

import xlsxwriter

from .folding import MARK, placed
from .readers import TABLES
from .tables import sheet_name

TEXT = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
LIMIT = 32_000
COLORS = {"error": "#F8CBAD", "warning": "#FFF2CC"}


def write(content, kind, definition, findings):
    """Return the workbook as bytes.

    :param findings: dicts of the report, in any order
    """
    found = {}
    for item in findings:
        found.setdefault(item["row"], []).append(item)
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, TEXT)
    sheet = book.add_worksheet(sheet_name(definition))
    wrap = {level: book.add_format({"bg_color": color, "text_wrap": True, "valign": "top"})
            for level, color in COLORS.items()}
    names = {item.code: item.name for item in definition.fields}
    whole = found.pop(0, [])  # about the file, not about a row: what is not listed
    sheet.set_column(0, 0, 60)
    sheet.set_column(1, len(list(definition.columns())) + 1, None, book.add_format({"num_format": "@"}))
    sheet.freeze_panes(1, 1)
    line, own = 0, []
    for number, cells in placed(TABLES[kind](io.BytesIO(content), definition), definition):
        if number is None:
            continue  # an empty line
        if not number:
            _tell(sheet, line, [MARK, *(_sentence(item, names) for item in whole)], wrap["warning"] if whole else None)
        elif items := found.pop(number, None):
            level = "error" if any(item["level"] == "error" for item in items) else "warning"
            _tell(sheet, line, [_sentence(item, names) for item in items], wrap[level])
        if not number:
            own = [column for column, cell in enumerate(cells) if not str(cell or "").strip().startswith(MARK)]
        for column, value in enumerate((cells[place] for place in own if place < len(cells)), 1):
            if value is not None and value != "":
                sheet.write_string(line, column, _text(value)[:LIMIT])
        line += 1
    book.close()
    return stream.getvalue()


def _tell(sheet, line, sentences, form):
    sheet.write_string(line, 0, "\n".join(sentences)[:LIMIT], form)


def _sentence(item, names):
    """Return what was found, with the field's name where the sentence does not have it: fields have codes for programs
    alone."""
    code, _bracket, inner = item["path"].partition("[")
    place = names.get(code, code)
    if inner:
        place = f"{place}第{int(inner.partition(']')[0]) + 1}行"
    said = f"{place}：" if place and (inner or item["code"] in ("rule", "more", "apply")) else ""
    return f"{said}{item['message']}{'（' + item['hint'] + '）' if item['hint'] else ''}"


def _text(value):
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return ("是" if value else "否") if isinstance(value, bool) else str(value)

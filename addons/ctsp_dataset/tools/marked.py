"""The table that somebody sent, with what was found beside each row: mended in place, it can be sent again."""
import datetime as dt
import io

import xlsxwriter

from .folding import MARK, placed
from .readers import TABLES

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
    sheet = book.add_worksheet(definition.name[:31])
    wrap = {level: book.add_format({"bg_color": color, "text_wrap": True, "valign": "top"})
            for level, color in COLORS.items()}
    sheet.set_column(0, 0, 60)
    sheet.freeze_panes(1, 1)
    line, own = 0, []
    for number, cells in placed(TABLES[kind](io.BytesIO(content), definition), definition):
        if number is None:
            continue  # an empty line
        if not number:
            sheet.write_string(line, 0, MARK)
        elif items := found.pop(number, None):
            level = "error" if any(item["level"] == "error" for item in items) else "warning"
            sheet.write_string(line, 0, "\n".join(map(_sentence, items))[:LIMIT], wrap[level])
        if not number:
            own = [column for column, cell in enumerate(cells) if str(cell).strip() != MARK]
        for column, value in enumerate((cells[place] for place in own if place < len(cells)), 1):
            if value is not None and value != "":
                sheet.write_string(line, column, _text(value)[:LIMIT])
        line += 1
    book.close()
    return stream.getvalue()


def _sentence(item):
    path = f"{item['path']}：" if item["path"] else ""
    hint = f"（{item['hint']}）" if item["hint"] else ""
    return f"{path}{item['message']}{hint}"


def _text(value):
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return ("是" if value else "否") if isinstance(value, bool) else str(value)

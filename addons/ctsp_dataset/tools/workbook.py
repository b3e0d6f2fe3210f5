"""The definition as a workbook: written for people, read again as the source of a new version."""
import io
import re

import openpyxl
import xlsxwriter

from odoo.addons.ctsp_base.tools.damaged import ARCHIVE

from . import definition as model
from . import wording
from .folding import sample_cell
from .tables import check_archive, sheet_name
from .unreadable import Unreadable

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
FONT = {"font_name": "等线", "font_size": 10, "valign": "top", "text_wrap": True, "border": 1,
        "border_color": "#BFBFBF"}
HEAD = FONT | {"bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF"}
AS_TEXT = {"num_format": "@"}
SHEETS = ("说明", "字段", "规则")
ROWS_LIMIT = 1000


def write(definition):
    """Return the workbook of a definition as bytes."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, OPTIONS)
    cell, head = book.add_format(FONT), book.add_format(HEAD)
    sheet = book.add_worksheet(SHEETS[0])
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 90)
    for index, (label, text) in enumerate(wording.head_rows(definition)):
        sheet.write_string(index, 0, label, head)
        sheet.write_string(index, 1, text, cell)
    _table(book.add_worksheet(SHEETS[1]), wording.FIELD_COLUMNS, wording.field_rows(definition), cell, head)
    _table(book.add_worksheet(SHEETS[2]), wording.RULE_COLUMNS, wording.rule_rows(definition), cell, head)
    book.close()
    return stream.getvalue()


def template(definition):
    """Return an empty workbook to fill in: one column a field, ``*`` before what must be given, a sample row.

    Columns of texts are formatted as such: a spreadsheet makes 7 of 007 and 2 of 2.0 otherwise.
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, OPTIONS)
    head, text = book.add_format(HEAD), book.add_format(AS_TEXT)
    sheet = book.add_worksheet(sheet_name(definition))
    for index, (name, _outer, item) in enumerate(definition.columns()):
        sheet.set_column(index, index, max(12, len(name) * 2 + 4), text if item.type in ("string", "text") else None)
        sheet.write_string(0, index, f"*{name}" if item.required else name, head)
        codes = [label for _code, label in item.codes]
        if codes and len("".join(codes)) + len(codes) < 255:
            sheet.data_validation(1, index, 10_000, index, {"validate": "list", "source": codes})
        sheet.write_string(1, index, sample_cell(item), text if item.type in ("string", "text") else None)
    sheet.freeze_panes(1, 0)
    book.close()
    return stream.getvalue()


def _table(sheet, columns, rows, cell, head):
    for index, (header, width) in enumerate(columns):
        sheet.set_column(index, index, width)
        sheet.write_string(0, index, header, head)
    for number, row in enumerate(rows, 1):
        for index, text in enumerate(row):
            sheet.write_string(number, index, text or "", cell)
    sheet.freeze_panes(1, min(3, len(columns) - 1))
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


# -- reading it again ------------------------------------------------------------------------------

def read(content):
    """Return plain data of the definition in a workbook that :func:`write` made (and people changed)."""
    stream = io.BytesIO(content)
    check_archive(stream)
    try:
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
        sheets = {name: _lines(book[name]) for name in SHEETS if name in book.sheetnames}
        book.close()
    except ARCHIVE as error:
        raise Unreadable("xlsx", "不是有效的 xlsx 文件，或文件已损坏") from error
    if "字段" not in sheets:
        raise Unreadable("xlsx", "缺少工作表“字段”")
    data = _read_head(sheets.get("说明", []))
    data["fields"] = _read_fields(_records(sheets["字段"], "字段"))
    names = {item["name"]: item["code"] for item in data["fields"]}
    data["keys"] = [names.get(name, name) for name in _split(data.pop("keys", ""), "、")]
    data["rules"] = [_read_rule(record) for record in _records(sheets.get("规则", []), "规则")]
    return data


def _lines(sheet):
    sheet.reset_dimensions()
    lines = []
    for values in sheet.iter_rows(values_only=True, max_col=40):
        if len(lines) > ROWS_LIMIT:
            raise Unreadable("rows", f"工作表“{sheet.title}”超过{ROWS_LIMIT}行")
        texts = ["" if value is None else _plain(value) for value in values]
        if any(texts):
            lines.append(texts)
    return lines


def _plain(value):
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _records(lines, title):
    if not lines:
        return []
    header = lines[0]
    if "字段代码" not in header and "规则代码" not in header:
        raise Unreadable("header", f"工作表“{title}”的第一行应为表头")
    return [dict(zip(header, line)) for line in lines[1:]]


def _read_head(lines):
    labels = {"数据集": "name", "代码": "code", "版本": "version", "说明": "description", "来源标准": "source",
              "主键": "keys", "接收方式": "mode"}
    data = {labels[line[0]]: line[1] for line in lines if len(line) > 1 and line[0] in labels}
    if "mode" in data:
        data["mode"] = next((mode for mode, text in model.MODES.items() if text[:4] == data["mode"][:4]), "partial")
    return data


def _inverse(names, text):
    return next((code for code, name in names.items() if name == text), text)


def _split(text, signs):
    return [part.strip() for part in re.split(f"[{signs}]", text or "") if part.strip()]


def _read_fields(records):
    fields, lists = [], {}
    for record in records:
        path = record.get("字段代码", "")
        item = _read_field(record, path.rpartition(".")[2])
        outer = lists.get(path.rpartition(".")[0])
        if "." in path and outer is None:
            raise Unreadable("fields", f"字段“{path}”之前应有列表字段“{path.rpartition('.')[0]}”")
        (outer["fields"] if outer else fields).append(item)
        if item["type"] == "list":
            item["fields"] = []
            lists[path] = item
    return fields


def _read_field(record, code):
    get = lambda label: record.get(label, "")  # noqa: E731
    low, _sign, high = get("取值范围").replace(wording.TODAY, "today").partition("～")
    size = re.match(r"\d+", get("长度"))
    form = _inverse(model.FORMATS, get("格式"))
    return {
        "code": code, "name": get("中文名"), "type": _inverse(model.TYPES, get("类型")),
        "required": get("必填") == "是",
        "length": int(size[0]) if size and "小数" not in get("长度") else 0,
        "digits": int(size[0]) if size and "小数" in get("长度") else 0,
        "unit": get("单位"), "minimum": low.strip(), "maximum": high.strip(),
        "codes": [list(map(str.strip, part.split("=", 1))) for part in _split(get("代码表"), "；;") if "=" in part],
        "format": form if form in model.FORMATS else "", "pattern": "" if form in model.FORMATS else form,
        "example": get("示例"), "definition": get("定义"), "source": get("来源标准"),
        "personal": _inverse(wording.PERSONAL, get("个人信息")),
    }


def _read_rule(record):
    return {
        "code": record.get("规则代码", ""), "kind": _inverse(wording.KINDS, record.get("种类", "")),
        "expression": record.get("表达式", ""), "fields": _split(record.get("字段"), "、,"),
        "target": _split(record.get("对照字段"), "、,"), "message": record.get("不符时的提示", ""),
        "hint": record.get("如何改正", ""), "level": _inverse(wording.LEVELS, record.get("级别", "拒收")),
        "source": record.get("来源标准", ""),
    }

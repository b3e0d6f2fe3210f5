"""Articles of a law from a table (xlsx, csv): a row for each article, in columns that people name in their own way."""
import re

from odoo.addons.ctsp_base.tools import tabular
from odoo.addons.ctsp_base.tools.numerals import numeral

from .law_text import ARTICLE, Article, Parsed

COLUMNS = {
    "chapter": ("章节", "章", "编章节", "所属章节", "chapter"),
    "number": ("条", "条号", "条文号", "条款", "条款号", "条次", "序号", "number"),
    "heading": ("标题", "条标", "条文标题", "条旨", "heading"),
    "text": ("正文", "条文", "条文内容", "内容", "原文", "法条内容", "text"),
}
PLAIN = re.compile(r"^(\d+)(?:\.0)?$")


class TableError(ValueError):
    """A table that holds no law. ``code``: ``columns`` (number or text is missing) or ``number`` (with its ``row``)."""

    def __init__(self, code, row=0):
        super().__init__(code)
        self.code, self.row = code, row


def is_table(content, name):
    """Say whether the file is a table; docx and other texts are not."""
    try:
        kind = tabular.file_kind(content, name)
    except tabular.TabularError:
        return False
    return kind in ("xlsx", "xls") or (name or "").lower().endswith((".csv", ".tsv"))


def parse(content, name):
    """Return the :class:`Parsed` law of a table; an empty chapter is that of the row above.

    :raise TableError: no header names both number and text, or a number cannot be read
    :raise tabular.TabularError: the file cannot be read
    """
    sheet = tabular.read_sheet(content, name)
    at, places = _header(sheet.rows)
    articles, chapter = [], ""
    for row, values in sheet.rows[at + 1:]:
        cells = {field: _text(values[place]) if place < len(values) else "" for field, place in places.items()}
        if not cells["number"] and not cells["text"]:
            continue
        chapter = cells.get("chapter") or chapter
        number, text = _number(cells["number"], cells["text"], row)
        articles.append(Article(chapter, number, cells.get("heading", ""), text))
    return Parsed("", articles)


def _header(rows):
    for at, (_row, values) in enumerate(rows[:tabular.HEADER_SEARCH_ROWS]):
        labels = [re.sub(r"[\s*＊（(].*$", "", _text(value)).lower() for value in values]
        places = {field: labels.index(next(name for name in names if name in labels))
                  for field, names in COLUMNS.items() if set(names) & set(labels)}
        if {"number", "text"} <= places.keys():
            return at, places
    raise TableError("columns")


def _number(number, text, row):
    """Return ``(第…条, text without it)``: 27, 第27条 and 第二十七条 are one and the same article."""
    if plain := PLAIN.match(number):
        number = f"第{numeral(int(plain.group(1)))}条"
    elif match := re.match(r"^第(\d+)条", number):
        number = f"第{numeral(int(match.group(1)))}条{number[match.end():]}"
    if not ARTICLE.match(number):
        raise TableError("number", row)
    return number, text.removeprefix(number).strip()


def _text(value):
    return "" if value is None else str(value).replace("\r\n", "\n").replace("\r", "\n").strip()

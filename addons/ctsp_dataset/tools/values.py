"""Checks of single values: one closure per field, made once per definition.

A checker takes a value that is given and returns ``(value, None)`` with the value in its normal form, or
``(None, (code, params))``. Values of JSON keep their types; texts of a table (``lenient``) are read into them first.
"""
import re
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation

from odoo.addons.ctsp_base.tools import clock, validators

from .definition import FORMATS, TYPES
from .expression_values import safe_pattern
from .findings import REASONS
from .json_schema import written

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
TABLE_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00:00)?", re.ASCII)
WORDS = {"是": True, "否": False, "true": True, "false": False, "1": True, "0": False, "有": True, "无": False,
         "y": True, "n": False}
JSON_NAMES = {bool: "是否", int: "整数", float: "小数", str: "文本", list: "列表", dict: "对象", Decimal: "小数"}
CHINA = timezone(timedelta(hours=8))
PATTERN_TEXT = 500
INTEGER_LIMIT = EXACT_LIMIT = 10 ** 15
"""of numbers in spreadsheets fifteen digits are kept"""
ROUNDED = re.compile(r"\d([.]\d+)?E[+]\d{2,}", re.ASCII)
CELL_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})
CHOICES_SHOWN = 20
SEEN = "见数据集说明"


def checker(item, lenient=False, today=clock.today):
    """Return the checking function of a field that is not a list."""
    steps = MAKERS[item.type](item, today)
    return _of_table(item, steps) if lenient else steps


def _of_table(item, steps):
    """Return the checking function of a cell, which is read into the field's type first. What a spreadsheet itself
    made of it is told: the error of a formula, a long number that lost its last digits.
    """
    check, texts = _read_first(item, steps), item.type not in ("integer", "decimal")

    def checked(value):
        if isinstance(value, str) and value.strip() in CELL_ERRORS:
            return None, ("cell_error", {"name": item.name, "found": value.strip()})
        if texts and _is_rounded(value):
            return None, ("rounded", {"name": item.name})
        normal, error = check(value)
        if error and error[0] == "type":  # as it is written into a cell
            error[1]["example"] = item.example or ("是" if item.type == "boolean" else SEEN)
        return normal, error
    return checked


def _is_rounded(value):
    if isinstance(value, str):
        return bool(ROUNDED.fullmatch(value.strip()))
    return isinstance(value, (int, float)) and abs(value) >= EXACT_LIMIT


def _read_first(item, steps):
    read = READERS.get(item.type, _read_text)
    if item.type == "code":
        names = {name: code for code, name in item.codes}
        return lambda value: steps(names.get(text := _read_text(value), text))
    return lambda value: steps(read(value))


def wrong_type(item, value):
    found = JSON_NAMES.get(type(value), "其他类型")
    return None, ("type", {"name": item.name, "wanted": TYPES[item.type], "found": found,
                           "example": written(item) or SEEN})


# -- texts of a table ------------------------------------------------------------------------------

def _read_text(value):
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(sep="T")
    return value.strip() if isinstance(value, str) else str(value)


def _read_number(value):
    if isinstance(value, (int, float)):
        return int(value) if isinstance(value, float) and value.is_integer() else value
    text = str(value).strip().replace(",", "").replace("，", "")
    try:
        return int(text) if re.fullmatch(r"[+-]?\d{1,30}", text, re.ASCII) else float(text)
    except ValueError:
        return value


def _read_boolean(value):
    return value if isinstance(value, bool) else WORDS.get(_read_text(value).lower(), value)


def _read_day(value):
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    found = TABLE_DAY.fullmatch(str(value).strip())
    return "{}-{:0>2}-{:0>2}".format(*found.groups()) if found else value


READERS = {"integer": _read_number, "decimal": _read_number, "boolean": _read_boolean, "date": _read_day}


# -- checks ----------------------------------------------------------------------------------------

def _text(item, _today):
    name, limit = item.name, item.limit
    pattern = safe_pattern(item.pattern) if item.pattern else None
    validate = getattr(validators, item.format) if item.format else None
    control = CONTROL.search

    def check(value):
        if type(value) is not str:
            return wrong_type(item, value)
        if len(value) > limit:
            return None, ("length", {"name": name, "found": len(value), "limit": limit})
        if not value.isprintable() and control(value):  # most texts are seen to be printable at once
            return None, ("control", {"name": name})
        if pattern and (len(value) > PATTERN_TEXT or not pattern.fullmatch(value)):
            return None, ("pattern", {"name": name, "example": item.example or item.pattern})
        return _formatted(item, validate, value) if validate else (value, None)
    return check


def _formatted(item, validate, value):
    try:
        return validate(value), None
    except ValueError as error:
        return None, ("format", {"name": item.name, "wanted": FORMATS[item.format],
                                 "reason": REASONS.get(error.args[0], REASONS["format"])})


def _bounds(item, today, read):
    """Return a function ``value → error or None`` for minimum and maximum."""
    low, high = (
        (read(bound) if bound != "today" else bound) if bound else None for bound in (item.minimum, item.maximum))
    if low is None and high is None:
        return None
    words = ("早于", "晚于", "日期") if item.type in ("date", "datetime") else ("小于", "大于", "数值")

    def outside(value):
        for code, bound in (("minimum", low), ("maximum", high)):
            limit = today().isoformat() if bound == "today" else bound
            if limit is not None and (value < limit if code == "minimum" else value > limit):
                return code, {"name": item.name, "limit": limit, "beyond": words[code == "maximum"], "what": words[2]}
        return None
    return outside


def _number(item, today):
    whole = item.type == "integer"
    outside = _bounds(item, today, int if whole else float)

    def check(value):
        kind = type(value)
        if kind is float and whole and value.is_integer():
            value, kind = int(value), int
        if kind is not int and (whole or kind is not float):
            return wrong_type(item, value)
        if not -INTEGER_LIMIT <= value <= INTEGER_LIMIT:  # NaN and infinities, too
            return None, ("maximum", {"name": item.name, "limit": INTEGER_LIMIT, "beyond": "超出", "what": "数值"})
        if kind is float and item.digits and _digits(value) > item.digits:
            return None, ("digits", {"name": item.name, "limit": item.digits})
        error = outside(value) if outside else None
        return (None, error) if error else (value, None)
    return check


def _digits(value):
    try:
        return max(-Decimal(repr(value)).as_tuple().exponent, 0)
    except InvalidOperation:
        return 0


def _boolean(item, _today):
    return lambda value: (value, None) if type(value) is bool else wrong_type(item, value)


def _day(item, today):
    outside = _bounds(item, today, str)
    known = {}

    def check(value):
        if type(value) is not str:
            return wrong_type(item, value)
        if value not in known:
            if not DAY.fullmatch(value) or not _is_day(value):
                return None, ("date", {"name": item.name})
            if len(known) < 20_000:  # days repeat; not more than a life's worth is kept
                known[value] = True
        error = outside(value) if outside else None
        return (None, error) if error else (value, None)
    return check


def _is_day(value):
    try:
        return date.fromisoformat(value).year >= 1900
    except ValueError:
        return False


def _moment(item, today):
    outside = _bounds(item, today, str)

    def check(value):
        if type(value) is not str:
            return wrong_type(item, value)
        try:
            found = bool(TIME.fullmatch(value)) and datetime.fromisoformat(value)
            # in China's time, so that texts order as the moments do, and a day is China's
            value = found and (found.astimezone(CHINA) if found.tzinfo else found.replace(tzinfo=CHINA)).isoformat()
        except (ValueError, OverflowError):
            found = False
        if not found:
            return None, ("datetime", {"name": item.name})
        error = outside(value[:10]) if outside else None
        return (None, error) if error else (value, None)
    return check


def _coded(item, _today):
    codes = {code for code, _name in item.codes}
    shown = "、".join(f"{code}（{name}）" for code, name in item.codes[:CHOICES_SHOWN])
    choices = f"{shown} …" if len(item.codes) > CHOICES_SHOWN else shown

    def check(value):
        if type(value) is not str:
            return wrong_type(item, value)
        return (value, None) if value in codes else (None, ("code", {"name": item.name, "choices": choices}))
    return check


MAKERS = {"string": _text, "text": _text, "integer": _number, "decimal": _number, "boolean": _boolean, "date": _day,
          "datetime": _moment, "code": _coded}

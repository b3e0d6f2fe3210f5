"""Filters of document templates: how a value is written on Chinese paper."""
from datetime import date, datetime

from odoo.addons.ctsp_base.tools.numerals import numeral


def chinese_date(value):
    """2026-03-05 → 2026年3月5日 (GB/T 9704-2012: Arabic digits, no leading zero)."""
    if not value:
        return ""
    day = value if isinstance(value, date) else datetime.fromisoformat(str(value))
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_time(value):
    """2026-03-05 09:05 → 2026年3月5日9时05分."""
    if not value:
        return ""
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return f"{chinese_date(moment)}{moment.hour}时{moment.minute:02}分"


def default(value, other=""):
    """The value, or another when it is empty."""
    return value if value not in (None, False, "", []) else other


def length(value):
    """How many rows a list has."""
    return len(value or [])


def join(value, separator="、", key=None):
    """The rows of a list in one line; with a key, that part of each row."""
    rows = [row.get(key) if key else row for row in value or []]
    return separator.join(str(row) for row in rows if row not in (None, False, ""))


FILTERS = {
    "date": chinese_date, "time": chinese_time, "numeral": numeral, "default": default, "length": length, "join": join,
}

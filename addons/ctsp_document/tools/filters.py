"""Filters of document templates: how a value is written on Chinese paper."""
from datetime import date, datetime

DIGITS = "〇一二三四五六七八九"


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


def numeral(value):
    """3 → 三, 12 → 十二, 120 → 一百二十; up to 9999."""
    number = int(value or 0)
    if number == 0:
        return "零"
    text, pending = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            text += ("零" if pending and text else "") + DIGITS[digit] + name
            pending = False
        else:
            pending = bool(text)
    return text.removeprefix("一") if text.startswith("一十") else text


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

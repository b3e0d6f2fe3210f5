"""The converters that a field mapping may name. Pure.

Each takes a value and returns one, or raises ``ValueError`` with a sentence in Chinese.
"""
import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))")
COMPACT = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
"""times written without separators, by their digits; thirteen are milliseconds since 1970"""
YES = frozenset({"1", "true", "yes", "y", "t", "是", "有"})
NO = frozenset({"0", "false", "no", "n", "f", "否", "无"})


def convert(value, name: str):
    """Return ``value`` converted by ``name``, one of :data:`CONVERTERS`; as it is for none."""
    return CONVERTERS[name](value) if name else value


def convert_list(values: list, name: str):
    """Return a list that was collected, joined where ``name`` says so."""
    return "、".join(map(str, values)) if name == "join" else values


def _text(value):
    if isinstance(value, dict | list):
        raise ValueError("应为单个值，实际是列表或对象")
    return "是" if value is True else "否" if value is False else str(value)


def _trimmed(value):
    return " ".join(_text(value).split())


def _integer(value):
    number = _number(value)
    if number != int(number):
        raise ValueError(f"“{value}”不是整数")
    return int(number)


def _number(value):
    text = _text(value).strip().replace(",", "")
    if not re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,10})?", text):
        raise ValueError(f"“{text[:50]}”不是数字")
    return float(text) if "." in text else int(text)


def _boolean(value):
    text = _text(value).strip().lower()
    if text not in YES | NO:
        raise ValueError(f"“{text[:50]}”不能理解为是或否")
    return text in YES


def _date(value):
    return _day(value).isoformat()


def _compact(value):
    return _day(value).strftime("%Y%m%d")


def _day(value) -> date:
    """The day that it was in China."""
    try:
        return _moment(value).astimezone(CHINA).date()
    except (ValueError, OverflowError):
        raise ValueError(f"“{_text(value).strip()[:50]}”不是日期") from None


def _datetime(value):
    return _universal(value).isoformat(timespec="seconds").replace("+00:00", "Z")


def _milliseconds(value):
    return int(_universal(value).timestamp() * 1000)


def _universal(value) -> datetime:
    try:
        return _moment(value).astimezone(UTC)
    except OverflowError:
        raise ValueError(f"“{_text(value).strip()[:50]}”不是时间") from None


def _moment(value) -> datetime:
    """Milliseconds since 1970, or a written time; one without a zone is Chinese time."""
    text = _text(value).strip()
    try:
        digits = len(text) if text.isascii() and text.isdigit() else 0
        if digits == 13 or (digits == 12 and type(value) is int):
            return datetime.fromtimestamp(int(text) / 1000, UTC)
        moment = _written(text)
    except (ValueError, OverflowError, OSError):
        raise ValueError(f"“{text[:50]}”不是时间") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)


def _written(text) -> datetime:
    if text.isdigit():
        return datetime.strptime(text, COMPACT.get(len(text), ""))
    day, _blank, clock = re.sub(r"[T\s]+", " ", text).partition(" ")
    if not (found := DAY.fullmatch(day)):
        raise ValueError(day)
    plain = date(*(int(part) for part in found.groups() if part)).isoformat()
    return datetime.fromisoformat(f"{plain}T{clock}" if clock else plain)


CONVERTERS = {
    "text": _text, "trim": _trimmed, "upper": lambda value: _trimmed(value).upper(),
    "lower": lambda value: _trimmed(value).lower(), "integer": _integer, "number": _number, "boolean": _boolean,
    "date": _date, "compact": _compact, "datetime": _datetime, "milliseconds": _milliseconds,
    "split": lambda value: [part for part in re.split(r"[、，,;；]\s*", _trimmed(value)) if part],
}
OF_LISTS = frozenset({"join"})

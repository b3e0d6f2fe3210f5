"""What the signs and functions of :mod:`expression` do: three-valued logic over closures ``row → value``.

None is unknown. Dates are texts ``YYYY-MM-DD`` and compare as such.
"""
import operator
import re
from datetime import date
from decimal import Decimal

from odoo.addons.ctsp_exchange.tools import patterns

SIGNS = {"=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
CALCULATIONS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}
PATTERN_LIMIT = 200


def number(text):
    return float(text) if "." in text else int(text)


def constant(value):
    return lambda _row: value


def _empty(value):
    return not value and (value is None or value == "" or value == [])


def absent(value):
    return lambda row: _empty(value(row))


def given(value):
    return lambda row: not _empty(value(row))


def negated(value):
    def answer(row):
        found = value(row)
        return None if found is None else not found
    return answer


def both(left, right):
    return _joined(False, left, right)


def either(left, right):
    return _joined(True, left, right)


def _joined(decisive, left, right):
    """One side may decide by itself; else what is not known on either side is not known together."""
    def answer(row):
        first = left(row)
        if first is decisive:
            return decisive
        second = right(row)
        if second is decisive:
            return decisive
        if first is None or second is None:
            return None
        return bool(first or second) if decisive else bool(first and second)
    return answer


def implied(left, right):
    """``not left or right`` without asking the right side where the left one does not hold: most rows by most rules."""
    def answer(row):
        first = left(row)
        if not first and first is not None:
            return True
        second = right(row)
        if second is True:
            return True
        return None if first is None or second is None else bool(second)
    return answer


def compared(sign, left, right):
    """Values of different kinds are unknown to each other: the field's own check tells."""
    compare = SIGNS[sign]

    def answer(row):
        first = left(row)
        if first is None:  # nothing is compared with nothing: the right side need not be asked
            return None
        second = right(row)
        if (not first and _empty(first)) or (not second and _empty(second)):
            return None
        try:
            return compare(first, second)
        except TypeError:
            return None
    return answer


def among(value, choices):
    def answer(row):
        found = value(row)
        return None if _empty(found) or type(found) is list else found in choices
    return answer


def calculated(sign, left, right):
    calculate = CALCULATIONS[sign]

    def answer(row):
        first, second = left(row), right(row)
        if not _is_number(first) or not _is_number(second):
            return None
        try:
            return calculate(first, second)
        except (ZeroDivisionError, OverflowError):
            return None
    return answer


def _is_number(value):
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


# -- functions -------------------------------------------------------------------------------------

def _length(value):
    def answer(row):
        found = value(row)
        return len(found) if isinstance(found, (str, list)) else None
    return answer


def _year(value):
    def answer(row):
        found = value(row)
        return int(found[:4]) if isinstance(found, str) and found[:4].isascii() and found[:4].isdigit() else None
    return answer


def _days(first, last):
    """Days from ``first`` to ``last``."""
    def answer(row):
        try:
            return (date.fromisoformat(last(row)[:10]) - date.fromisoformat(first(row)[:10])).days
        except (TypeError, ValueError):
            return None
    return answer


def _starts(value, prefix):
    def answer(row):
        found, wanted = value(row), prefix(row)
        return found.startswith(wanted) if isinstance(found, str) and isinstance(wanted, str) else None
    return answer


def _contains(value, part):
    def answer(row):
        found, wanted = value(row), part(row)
        return wanted in found if isinstance(found, str) and isinstance(wanted, str) else None
    return answer


FUNCTIONS = {
    "present": (1, given), "length": (1, _length), "year": (1, _year), "days": (2, _days), "starts": (2, _starts),
    "contains": (2, _contains),
}


# -- over the inner rows of a list -----------------------------------------------------------------

def _inner(rows, condition):
    """Return a function ``row → (rows of the list, answers of the condition)``."""
    def answers(row):
        found = rows(row)
        if not isinstance(found, list):
            return None
        inner = [{**row, **line} for line in found if isinstance(line, dict)]
        return inner if condition is None else [condition(line) for line in inner]
    return answers


def _count(rows, condition):
    inner = _inner(rows, condition)

    def answer(row):
        found = inner(row)
        if found is None:
            return 0 if rows(row) is None else None
        return len(found) if condition is None else sum(value is True for value in found)
    return answer


def _any(rows, condition):
    counted = _count(rows, condition)
    return lambda row: None if (found := counted(row)) is None else found > 0


def _all(rows, condition):
    inner = _inner(rows, condition)

    def answer(row):
        found = inner(row)
        return None if found is None else not any(value is False for value in found)
    return answer


def _share(rows, condition):
    inner = _inner(rows, condition)

    def answer(row):
        found = inner(row)
        return sum(value is True for value in found) / len(found) if found else None
    return answer


OVER_LISTS = {"count": _count, "any": _any, "all": _all, "share": _share}


# -- patterns --------------------------------------------------------------------------------------

def safe_pattern(text):
    """Compile a field's pattern; raise ``ValueError`` (a sentence) for one that is wrong or could run for ever."""
    if len(text) > PATTERN_LIMIT:
        raise ValueError(f"格式表达式超过{PATTERN_LIMIT}个字符")
    if "(?" in text or re.search(r"\\[1-9]", text):
        raise ValueError("格式表达式不得含反向引用和环视")
    try:
        patterns.check(text)
        return re.compile(text)
    except re.error as error:
        raise ValueError(f"格式表达式有误：{error}") from error

"""Turns what stands in a cell into the value of a field.

Plain Python, no database. A value that cannot be understood raises :class:`CoercionError` whose ``code`` names
the reason; guessing is never done where a wrong guess would look right (day before month, lost digits).
"""
import datetime as dt
import difflib
import math
import re
import unicodedata

EXCEL_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"}
EXCEL_EPOCH = dt.datetime(1899, 12, 30)
LAST_SERIAL = 2_958_465  # 9999-12-31
EXACT_DIGITS = 15  # a spreadsheet keeps fifteen digits of a number
TRUE_WORDS = {"是", "有", "真", "对", "√", "✓", "y", "yes", "true", "t", "1"}
FALSE_WORDS = {"否", "无", "假", "错", "×", "✗", "x", "n", "no", "false", "f", "0"}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
CHINESE_DIGITS = {char: str(index) for index, char in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}
YMD = re.compile(
    r"(?P<y>\d{4})(?:[-/.]|年)\s*(?P<m>\d{1,2})(?:[-/.]|月)\s*(?P<d>\d{1,2})\s*[日号]?"
    r"(?:[T\s]*(?P<H>\d{1,2})[::时点](?P<M>\d{1,2})(?:[::分](?P<S>\d{1,2})(?:\.\d+)?秒?|分)?)?Z?"
)
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
MONTH_ONLY = re.compile(r"\d{4}(?:[-/.]|年)\s*\d{1,2}月?")
DAY_FIRST = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}")


class CoercionError(ValueError):
    """A cell that does not give a value. ``code`` is the reason, ``params`` what the message needs."""

    def __init__(self, code, **params):
        super().__init__(code)
        self.code = code
        self.params = params


def text(value):
    """Return the text of a cell without surrounding blanks; ``""`` for an empty one."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return _number_text(value)
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d" if value.time() == dt.time() else "%Y-%m-%d %H:%M:%S")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    result = str(value).replace("\u00a0", " ").replace("\u3000", " ").replace("\ufeff", "").strip()
    if result.upper() in EXCEL_ERRORS:
        raise CoercionError("excel_error", value=result)
    if result[:1] == "'" and result[1:2] in FORMULA_STARTS:
        result = result[1:]  # our own csv export puts it before text that a spreadsheet would compute
    return result


def _number_text(value):
    """A number in a text column: whole numbers without ``.0``; refused when digits are already lost."""
    if isinstance(value, float) and not math.isfinite(value):
        raise CoercionError("not_number", value=str(value))
    if abs(value) >= 10 ** EXACT_DIGITS:
        raise CoercionError("digits_lost", value=f"{value:.0f}")
    return str(int(value)) if value == int(value) else repr(value)


def fold(value):
    """Fold width, case and blanks, for comparing labels."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text(value))).casefold()


def boolean(value):
    """是/否, 有/无, √/×, yes/no, 1/0."""
    if isinstance(value, bool):
        return value
    word = fold(value)
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise CoercionError("not_boolean", value=text(value))


def number(value):
    """A number; thousands separators, a currency sign and full-width digits are understood."""
    if isinstance(value, bool | dt.date | dt.time):
        raise CoercionError("not_number", value=text(value))
    if isinstance(value, int | float):
        if math.isfinite(value):
            return float(value)
        raise CoercionError("not_number", value=str(value))
    word = unicodedata.normalize("NFKC", text(value)).replace(" ", "").lstrip("¥￥$")
    if not re.fullmatch(r"[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?(e[+-]?\d{1,2})?", word, re.IGNORECASE) or not re.search(
            r"\d", word):
        raise CoercionError("not_number", value=text(value))
    return float(word.replace(",", ""))


def integer(value):
    """A whole number within what the database holds."""
    result = number(value)
    if result != int(result):
        raise CoercionError("not_integer", value=text(value))
    if abs(result) > 2_147_483_647:
        raise CoercionError("number_too_large", value=text(value))
    return int(result)


def date(value):
    """A date from a date cell, an Excel serial or text such as 2026-09-05, 2026/9/5, 20260905, 2026年9月5日."""
    return _moment(value).date()


def datetime(value, tz=None):
    """A date and time; taken in ``tz`` (a tzinfo, the user's) and returned as naive UTC."""
    moment = _moment(value)
    if tz is None:
        return moment
    localise = getattr(tz, "localize", None)
    aware = localise(moment) if localise else moment.replace(tzinfo=tz)
    return aware.astimezone(dt.UTC).replace(tzinfo=None)


def _moment(value):
    if isinstance(value, dt.datetime):
        return value.replace(microsecond=0, tzinfo=None)
    if isinstance(value, dt.date):
        return dt.datetime.combine(value, dt.time())
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _serial(value)
    word = unicodedata.normalize("NFKC", text(value))
    return _written(_arabic(word), text(value))


def _serial(value):
    """Excel's day number; also a compact 20260905 that was typed as a number."""
    compact = COMPACT.fullmatch(str(int(value))) if value == int(value) else None
    if compact:
        return _build(*map(int, compact.groups()), shown=str(int(value)))
    if not 1 <= value <= LAST_SERIAL:
        raise CoercionError("not_date", value=text(value))
    return (EXCEL_EPOCH + dt.timedelta(days=value) + dt.timedelta(milliseconds=500)).replace(microsecond=0)


def _written(word, shown):
    if re.fullmatch(r"\d{5}(\.\d+)?", word):
        return _serial(float(word))
    if compact := COMPACT.fullmatch(word):
        return _build(*map(int, compact.groups()), shown=shown)
    if match := YMD.fullmatch(word):
        parts = {key: int(part) for key, part in match.groupdict().items() if part}
        return _build(parts["y"], parts["m"], parts["d"], parts.get("H", 0), parts.get("M", 0), parts.get("S", 0),
                      shown=shown)
    if MONTH_ONLY.fullmatch(word):
        raise CoercionError("date_incomplete", value=shown)
    if DAY_FIRST.fullmatch(word):
        raise CoercionError("date_ambiguous", value=shown)
    raise CoercionError("not_date", value=shown)


def _build(*parts, shown):
    try:
        return dt.datetime(*parts)
    except ValueError as error:
        raise CoercionError("no_such_date", value=shown) from error


def _arabic(word):
    """二〇二六年九月五日 → 2026年9月5日; 十, 十一, 二十, 三十一 as people write months and days."""
    if not re.search(r"[〇零○一二三四五六七八九十]", word):
        return word
    word = re.sub(r"([一二三])?十([一二三四五六七八九])?", lambda m: f"{m[1] or '一'}{m[2] or '〇'}", word)
    return "".join(CHINESE_DIGITS.get(char, char) for char in word)


def selection(value, options):
    """Return the key in ``options`` (``[(key, label)]``) whose key or label the cell names."""
    word = fold(value)
    for key, label in options:
        if word in (fold(key), fold(label)):
            return key
    labels = [label for _key, label in options]
    raise CoercionError("unknown_option", value=text(value), options=labels, nearest=nearest(text(value), labels))


def split(value):
    """Split a cell that holds several names: 、 , ; and new lines."""
    return [part for part in (piece.strip() for piece in re.split(r"[、,，;；\n|]", text(value))) if part]


def nearest(value, candidates, count=3):
    """Return up to ``count`` candidates that resemble ``value``: those that contain it first, then the similar."""
    word = fold(value)
    folded = {}
    for candidate in candidates:
        folded.setdefault(fold(candidate), candidate)
    close = difflib.get_close_matches(word, folded, n=count, cutoff=0.5)
    inside = sorted((key for key in folded if word and key and (word in key or key in word)), key=len)
    return [folded[key] for key in dict.fromkeys([*close, *inside[:count]])][:count]

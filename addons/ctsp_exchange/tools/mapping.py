"""Field mapping as data: from what one side calls things to what the other does. Pure; no code is stored.

A path names fields with dots and lists with ``[]``: ``enterprise.name``, ``rows[].code``; ``*`` is all there is. Source
and target have the same lists, or the source one more (its values are collected), or fewer (the value goes to each).
"""
import copy
import functools
import re
from dataclasses import dataclass, field

from . import converters

SEGMENT = re.compile(r"[^.\[\]\s]+(\[\])?")
ALL = "*"
MISSING = object()
MOST = 50  # errors of one message


@dataclass(frozen=True)
class Line:
    """``codes``: source → target, None without a list; ``otherwise``: for codes not in it, None is an error."""

    target: str
    source: str = ""
    constant: str | None = None
    codes: dict | None = field(default=None, hash=False)
    otherwise: str | None = None
    converter: str = ""
    default: str | None = None
    required: bool = False


class WrongPath(ValueError):
    """A path nobody can follow."""


def check(line: Line) -> None:
    """:raise WrongPath: one of the paths is none, or source and target do not fit together"""
    target = split(line.target)
    if not line.source:
        return
    source = split(line.source)
    if (line.source == ALL) != (line.target == ALL):
        raise WrongPath("“*” 只能整体对应“*”")
    if _lists(source) > _lists(target) + 1:
        raise WrongPath("来源字段的列表层数比目标字段多出一层以上")


@functools.lru_cache(maxsize=4000)
def split(path: str) -> tuple[str, ...]:
    """Return the segments of ``path``; those of lists end in ``[]``."""
    parts = tuple(path.strip().split("."))
    if path != ALL and not all(SEGMENT.fullmatch(part) for part in parts):
        raise WrongPath(f"字段路径“{path}”的写法不正确，例如 enterprise.name 或 rows[].code")
    return parts


def apply(source: dict, lines) -> tuple[dict, list[dict]]:
    """Return the mapped value and ``[{path, message}]`` of what could not be mapped, in Chinese."""
    result, wrong = {}, []
    for line in lines:
        if line.source == ALL:
            result.update(copy.deepcopy(source) if isinstance(source, dict) else {})
            continue
        for indices, value in _values(source, line):
            if len(wrong) >= MOST:
                return result, wrong
            try:
                value = _translated(value, line)
            except ValueError as error:
                wrong.append({"path": _named(line.source or line.target, indices), "message": str(error)})
                continue
            if value is not MISSING:
                _put(result, split(line.target), indices, value)
    return result, wrong


def _values(source, line):
    """Yield ``(indices, value)``; values of the innermost list are collected where the target has one list fewer."""
    if line.constant is not None:
        yield (), line.constant
        return
    parts = split(line.source)
    found = list(_walk(source, parts, ()))
    if _lists(parts) <= _lists(split(line.target)):
        yield from found
        return
    groups = {}
    for indices, value in found:
        groups.setdefault(indices[:-1], []).append(value)
    for indices, values in groups.items():
        yield indices, [value for value in values if value is not MISSING]


def _walk(value, parts, indices):
    if not parts:
        yield indices, MISSING if value is None else value
        return
    name, rest = parts[0], parts[1:]
    inner = value.get(name.removesuffix("[]"), MISSING) if isinstance(value, dict) else MISSING
    if not name.endswith("[]"):
        yield from _walk(inner, rest, indices) if inner is not MISSING else [(indices, MISSING)]
    elif isinstance(inner, list):
        for number, one in enumerate(inner):
            yield from _walk(one, rest, (*indices, number))


def _translated(value, line):
    if value is MISSING or value in ("", []):
        if line.default is not None:
            return line.default
        if line.required:
            raise ValueError("缺少必填内容")
        return value
    if isinstance(value, list):
        return converters.convert_list([_one(one, line) for one in value], line.converter)
    return _one(value, line)


def _one(value, line):
    if line.converter not in converters.OF_LISTS:
        value = converters.convert(value, line.converter)
    if line.codes is None:
        return value
    if isinstance(value, list | dict):
        raise ValueError("列表或对象不能按代码对照表转换")
    text = str(value)
    if text in line.codes:
        return line.codes[text]
    if line.otherwise is not None:
        return line.otherwise
    raise ValueError(f"代码“{text[:50]}”不在代码对照表中")


def _put(result, parts, indices, value):
    """Set ``value`` at the path; in every element there is, where no index is left."""
    name, rest = parts[0], parts[1:]
    if not name.endswith("[]"):
        if rest:
            inner = result.setdefault(name, {})
            if isinstance(inner, dict):
                _put(inner, rest, indices, value)
        else:
            result[name] = value
        return
    rows = result.setdefault(name.removesuffix("[]"), [])
    if not isinstance(rows, list):
        return
    if indices:
        number, indices = indices[0], indices[1:]
        rows.extend({} for _missing in range(number + 1 - len(rows)))
        wanted = [number]
    else:
        wanted = range(len(rows))
    for number in wanted:
        if not rest:
            rows[number] = value
        elif isinstance(rows[number], dict):
            _put(rows[number], rest, indices, value)


def _lists(parts) -> int:
    return sum(part.endswith("[]") for part in parts)


def _named(path, indices) -> str:
    numbers = iter(indices)
    return "$." + re.sub(r"\[\]", lambda _found: f"[{next(numbers, '')}]", path)

"""JSON as it comes from outside: UTF-8, no duplicate keys, no NaN, bounded in depth and numbers. Pure."""
import json
import re

from odoo.addons.ctsp_base.tools.digest import sm3

from .reply import Refused

DEPTH = 32
DIGITS = 40
"""digits of the longest number: Python's integers have no end, and parsing one takes its time squared"""
TOKENS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?+|[\[{\]}]', re.DOTALL)
"""texts whole (one without an end, too) and brackets; possessive: nothing to go back to, so neither memory nor time"""


def read(body: bytes, depth: int = DEPTH):
    """Return the content of ``body``.

    :raise Refused: ``not_json`` with the reason
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _refused(f"第 {error.start + 1} 字节不是 UTF-8") from None
    _check_depth(text, depth)
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_int=_int, parse_float=_float, parse_constant=_constant)
    except json.JSONDecodeError as error:
        raise _refused(f"第 {error.lineno} 行第 {error.colno} 列有语法错误") from None
    except RecursionError:
        raise _refused("嵌套过深") from None
    _check_characters(text)
    return value


def canonical(value) -> bytes:
    """Return the one form of a JSON value: sorted keys, no blanks, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def digest(value) -> str:
    """Return SM3 of the canonical form."""
    return sm3(canonical(value))


def _check_depth(text: str, depth: int) -> None:
    level = 0
    for match in TOKENS.finditer(text):
        if match[0] in ("[", "{"):
            level += 1
            if level > depth:
                raise _refused(f"嵌套超过 {depth} 层")
        elif match[0] in ("]", "}"):
            level -= 1


def _check_characters(text: str) -> None:
    """Half a surrogate and NUL are JSON, but no text: neither UTF-8 nor PostgreSQL takes them."""
    lowered = text.lower()
    if "\\u0000" in lowered or "\x00" in text:
        raise _refused("含有空字符")
    if "\\ud" in lowered:
        try:
            canonical(json.loads(text))
        except UnicodeEncodeError:
            raise _refused("含有不完整的字符") from None


def _once(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _refused(f"字段 {twice[:64]} 重复")
    return found


def _int(text):
    if len(text) > DIGITS:
        raise _refused("数字过长")
    return int(text)


def _float(text):
    value = float(text) if len(text) <= DIGITS else float("inf")
    if value in (float("inf"), float("-inf")):
        raise _refused("数字过大或过长")
    return value


def _constant(text):
    raise _refused(f"{text} 不是 JSON 的值")


def _refused(reason: str) -> Refused:
    return Refused("not_json", f"请求内容不是有效的 JSON：{reason}")

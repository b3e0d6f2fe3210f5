"""JSON Schema (2020-12) with messages in Chinese that name the place. Pure."""
import functools
import json
import re

import jsonschema
import referencing.exceptions
import referencing.jsonschema

from . import patterns

MOST = 50  # errors in one answer
VALIDATOR = jsonschema.Draft202012Validator
REFERENCES = ("$ref", "$dynamicRef")
TYPES = {"object": "对象", "array": "数组", "string": "文本", "integer": "整数", "number": "数字", "boolean": "是或否",
         "null": "空值"}


def check(text: str) -> None:
    """:raise ValueError: ``text`` is no JSON Schema, or one that points outside of itself"""
    try:
        schema = json.loads(text)
        VALIDATOR.check_schema(schema)
    except jsonschema.SchemaError as error:
        raise ValueError(f"{_path(error.absolute_path)}：{error.message[:200]}") from None
    except (ValueError, RecursionError) as error:
        raise ValueError(str(error)[:200]) from None
    for pattern in _patterns(schema):
        try:
            patterns.check(pattern)
        except (ValueError, re.error) as error:
            raise ValueError(f"pattern {pattern[:80]}：{error}") from None
    if _points_outside(schema):
        raise ValueError("$ref 只能引用本模式内部（以 # 开头）")
    _check_references(schema)


def errors(text: str, value) -> list[dict]:
    """Return ``[{"path", "message"}]``, empty for a value that meets the schema; :data:`MOST` at most."""
    found = []
    for error in _compiled(text).iter_errors(value):
        found.append({"path": _path(error.absolute_path), "message": _message(error)})
        if len(found) == MOST:
            break
    return sorted(found, key=lambda one: one["path"])


@functools.lru_cache(maxsize=200)
def _compiled(text):
    return VALIDATOR(json.loads(text), format_checker=VALIDATOR.FORMAT_CHECKER)


def _path(parts) -> str:
    return "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)


def _message(error) -> str:
    wanted = error.validator_value
    simple = {
        "enum": "不在允许的取值范围内", "const": "不是规定的值", "format": f"格式应为 {wanted}",
        "pattern": "格式不符合要求", "minLength": f"不得少于 {wanted} 个字符", "maxLength": f"不得超过 {wanted} 个字符",
        "minItems": f"不得少于 {wanted} 项", "maxItems": f"不得超过 {wanted} 项", "uniqueItems": "存在重复项",
        "minimum": f"不得小于 {wanted}", "maximum": f"不得大于 {wanted}", "additionalProperties": "含有未定义的字段",
    }
    if error.validator == "required":  # one error for each missing field; only its message names it
        missing = next((name for name in wanted if error.message.startswith(f"{name!r} ")), "")
        return f"缺少必填字段 {missing}"
    if error.validator == "type":
        names = [wanted] if isinstance(wanted, str) else wanted
        return "类型应为" + "或".join(TYPES.get(name, name) for name in names)
    return simple.get(error.validator, f"不符合规则 {error.validator}")


def _patterns(value):
    """Yield every pattern of a schema."""
    if isinstance(value, dict):
        if isinstance(value.get("pattern"), str):
            yield value["pattern"]
        for name, part in value.items():
            if name == "patternProperties" and isinstance(part, dict):
                yield from part
            yield from _patterns(part)
    elif isinstance(value, list):
        for part in value:
            yield from _patterns(part)


def _check_references(schema) -> None:
    """What is referred to exists, and nothing refers to itself without end."""
    resolver = referencing.jsonschema.DRAFT202012.create_resource(schema)
    resolver = referencing.Registry().with_resource("", resolver).resolver()
    for place in _references(schema):
        try:
            resolver.lookup(place)
        except referencing.exceptions.Unresolvable:
            raise ValueError(f"$ref 引用的 {place[:80]} 不存在") from None
    try:
        for value in (None, {}, []):
            list(VALIDATOR(schema).iter_errors(value))
    except RecursionError:
        raise ValueError("$ref 循环引用") from None


def _references(value):
    """Yield every reference of a schema."""
    if isinstance(value, dict):
        for name, part in value.items():
            if name in REFERENCES:
                yield str(part)
            yield from _references(part)
    elif isinstance(value, list):
        for part in value:
            yield from _references(part)


def _points_outside(value) -> bool:
    if isinstance(value, dict):
        return any(
            (name in REFERENCES and not str(part).startswith("#")) or _points_outside(part)
            for name, part in value.items())
    return isinstance(value, list) and any(map(_points_outside, value))

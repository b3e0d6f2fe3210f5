"""Comparing what two systems exchanged: counts and digests first, item by item where they differ. Pure.

An item is ``(business number, version, SM3 of the canonical content)``; items are in the order of the code points of
their business numbers, then of their versions. Both sides use :func:`digest`.
"""
import hashlib
import itertools
import json

from . import strict_json

PAGE = 2000  # items of one answer
SPAN = 31 * 24 * 3600 * 1000  # milliseconds that one question is about at most
LONGEST = {"type": "string", "minLength": 1, "maxLength": 200}
SM3 = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
KIND = {"type": {"type": "string", "maxLength": 64}, "sentBy": {"enum": ["platform", "system"]}}
VERSION = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}
TIME = {"type": "integer", "minimum": 0, "maximum": 4 * 10**12}
ANSWERS = {
    "count": {"required": ["types"], "properties": {"types": {"type": "array", "maxItems": 500, "items": {
        "type": "object", "required": ["type", "sentBy", "count", "digest"],
        "properties": {**KIND, "count": {"type": "integer", "minimum": 0}, "digest": SM3}}}}},
    "list": {"required": ["items", "more"], "properties": {"more": {"type": "boolean"}, "items": {
        "type": "array", "maxItems": PAGE, "items": {
            "type": "object", "required": ["bizId", "version", "digest"],
            "properties": {"bizId": LONGEST, "version": VERSION, "digest": SM3,
                           "times": {"type": "integer", "minimum": 1}}}}}},
    "fetch": {"required": ["bizId", "version", "data"], "properties": {
        "bizId": LONGEST, "version": VERSION, "data": {"type": ["object", "array"]}, "time": TIME}},
}
QUESTION = {
    "type": "object", "required": ["step"],
    "properties": {
        "step": {"enum": ["count", "list", "fetch"]}, "from": TIME, "to": TIME, **KIND, "bizId": LONGEST,
        "version": VERSION, "after": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}],
                                      "minItems": 2, "maxItems": 2}},
    "allOf": [
        {"if": {"properties": {"step": {"const": "count"}}}, "then": {"required": ["from", "to"]}},
        {"if": {"properties": {"step": {"const": "list"}}}, "then": {"required": ["from", "to", "type", "sentBy"]}},
        {"if": {"properties": {"step": {"const": "fetch"}}}, "then": {"required": ["type", "bizId", "version"]}},
    ],
}
ANSWER_TEXTS = {step: json.dumps({"type": "object", **schema}) for step, schema in ANSWERS.items()}
QUESTION_TEXT = json.dumps(QUESTION)


def digest(items) -> tuple[int, str]:
    """Return how many ``items`` there are and the SM3 over them, each a line of canonical JSON."""
    total, count = hashlib.new("sm3"), 0
    for business_id, version, content in items:
        total.update(strict_json.canonical([business_id, version, content]) + b"\n")
        count += 1
    return count, total.hexdigest()


def compare(own: dict, theirs: list[dict]):
    """Yield ``(kind, business number, version, their digest)`` for what differs.

    :param own: (business number, version) → digest
    :param theirs: items of an answer
    """
    seen = {}
    for item in theirs:
        key = (item["bizId"], item["version"])
        times = seen.get(key, 0) + item.get("times", 1)
        if key in seen or times > 1:
            yield "twice", *key, item["digest"]
        if key not in own and key not in seen:
            yield "only_there", *key, item["digest"]
        elif key in own and own[key] != item["digest"]:
            yield "content", *key, item["digest"]
        seen[key] = times
    for key in own.keys() - seen.keys():
        yield "only_here", *key, None


def in_order(items: list[dict], after) -> bool:
    """Say whether ``items`` of an answer are in their order and follow ``after``."""
    keys = [tuple(after or ("", 0))] + [(item["bizId"], item["version"]) for item in items]
    return all(one <= other for one, other in itertools.pairwise(keys))

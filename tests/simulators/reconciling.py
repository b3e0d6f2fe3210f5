"""How a simulated system answers questions of reconciliation: truthfully, from what it keeps. Pure."""
import hashlib
import json

PAGE = 500


def sm3_of(value) -> str:
    """Return the SM3 of the canonical form: sorted keys, no spaces, UTF-8."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.new("sm3", text.encode()).hexdigest()


def items(kept: dict, kind: str, start: int, end: int) -> list[tuple]:
    """Return (number, version, digest) in order; ``kept``: (type, number, version) → {"data", "time"}."""
    return sorted((number, version, sm3_of(one["data"])) for (name, number, version), one in kept.items()
                  if name == kind and start <= one["time"] < end)


def total(rows) -> dict:
    """Return count and digest of ``rows``, each a line of canonical JSON."""
    digest = hashlib.new("sm3")
    for row in rows:
        digest.update(json.dumps(list(row), ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    return {"count": len(rows), "digest": digest.hexdigest()}


def answer(sides: dict, asked: dict) -> dict:
    """:param sides: who sent it (``platform``, ``system``) → what was kept"""
    if asked["step"] == "fetch":
        one = sides["system"][asked["type"], asked["bizId"], asked["version"]]
        return {"bizId": asked["bizId"], "version": asked["version"], "data": one["data"], "time": one["time"]}
    span = (asked["from"], asked["to"])
    if asked["step"] == "count":
        return {"types": [
            {"type": one["type"], "sentBy": one["sentBy"], **total(items(sides[one["sentBy"]], one["type"], *span))}
            for one in asked["types"]]}
    after = tuple(asked.get("after") or ("", 0))
    rows = [row for row in items(sides[asked["sentBy"]], asked["type"], *span) if row[:2] > after]
    return {"more": len(rows) > PAGE, "items": [
        {"bizId": number, "version": version, "digest": digest} for number, version, digest in rows[:PAGE]]}

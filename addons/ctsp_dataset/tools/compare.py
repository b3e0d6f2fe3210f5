"""What changed between two versions, field by field and rule by rule. Pure: definitions in, rows out."""
from dataclasses import asdict
from typing import NamedTuple

ADDED, REMOVED, CHANGED, SAME = "added", "removed", "changed", "same"
FIELD, RULE = "field", "rule"


class Change(NamedTuple):
    """One field or rule: ``changes`` are ``(attribute, before, after)``."""

    part: str
    code: str
    name: str
    kind: str
    changes: tuple
    breaking: bool


def compare(old, new):
    """Return the changes from definition ``old`` to ``new``, in the order of the new one, removed ones last."""
    found = _part(FIELD, dict(old.walk()), dict(new.walk()), _breaking)
    return found + _part(
        RULE, {rule.code: rule for rule in old.rules}, {rule.code: rule for rule in new.rules},
        _rule_breaking)


def _part(part, old, new, breaking):
    found = []
    for code in (*new, *(code for code in old if code not in new)):
        before, after = old.get(code), new.get(code)
        shown = after or before
        if not before or not after:
            kind, changes = (REMOVED, ()) if before else (ADDED, ())
        else:
            first, second = asdict(before), asdict(after)
            first.pop("fields" if part == FIELD else "", None)
            changes = tuple((key, first[key], second[key]) for key in first if first[key] != second[key])
            kind = CHANGED if changes else SAME
        name = shown.name if part == FIELD else shown.message
        found.append(Change(part, code, name, kind, changes, kind != SAME and breaking(before, after)))
    return found


def _rule_breaking(before, after):
    """A rule that refuses rows is new, or says something else than before: other words alone refuse nothing."""
    if after is None or after.level != "error":
        return False
    said = ("kind", "expression", "fields", "target", "level")
    return before is None or any(getattr(before, name) != getattr(after, name) for name in said)


def _breaking(before, after):
    """Whether data that was good may be refused now."""
    if after is None:
        return True
    if before is None:
        return after.required
    lost = {code for code, _name in before.codes} - {code for code, _name in after.codes}
    return bool(
        before.type != after.type or (after.required and not before.required) or lost or after.limit < before.limit
        or any(getattr(before, name) != getattr(after, name) for name in ("pattern", "format", "minimum", "maximum")))

"""Pairs the rows of two versions and says what changed, down to the characters. Pure: dicts in, tuples out.

A row is a dict with ``id``, ``origin`` (id of the row it was made from, or None), ``key`` (how people cite it) and
``values`` (``{field: text}``). Rows are paired by origin, then by key, then by equal text of the leading field, and,
where that is asked for, by likeness: one article more in a law gives all that follow another number.
"""
import difflib
import re
from typing import NamedTuple

ADDED, REMOVED, CHANGED, SAME = "added", "removed", "changed", "same"
EQUAL, INSERT, DELETE = "equal", "insert", "delete"
ALIKE, RENUMBERED = 0.3, 0.55
"""likeness from which rows of the same label, and rows of any label, are one row that changed"""
PIECE = re.compile(r"[A-Za-z0-9.]+|\s+|.", re.S)


class Pair(NamedTuple):
    """Two rows that belong together (one of them None), what happened, and the fields that differ."""

    kind: str
    old: dict
    new: dict
    fields: tuple


def compare(old_rows, new_rows, lead, by_likeness=False):
    """Return the pairs of two versions in the order of the new one; what was removed stands where it stood.

    :param lead: field whose equal text pairs rows that nothing else pairs
    :param by_likeness: pair what is left by how much of the leading field's text is the same
    """
    partner = _partners(old_rows, new_rows, lead)
    if by_likeness:
        partner += _alike(old_rows, new_rows, lead, partner)
    old_of = {new["id"]: old for old, new in partner}
    pairs = [_pair(old_of.get(row["id"]), row) for row in new_rows]
    kept = {old["id"] for old, _new in partner}
    place = 0
    positions = {new["id"]: index for index, new in enumerate(new_rows)}
    new_of = {old["id"]: new for old, new in partner}
    removed = []
    for row in old_rows:
        if row["id"] in kept:
            place = positions[new_of[row["id"]]["id"]] + 1
        else:
            removed.append((place, _pair(row, None)))
    for place, pair in reversed(removed):
        pairs.insert(place, pair)
    return pairs


def _partners(old_rows, new_rows, lead):
    partners, old_left, new_left = [], list(old_rows), list(new_rows)
    for of_old, of_new in (
        (lambda row: row["id"], lambda row: row.get("origin")),
        (lambda row: row["key"], lambda row: row["key"]),
        (lambda row: row["values"].get(lead), lambda row: row["values"].get(lead)),
    ):
        known = {}
        for row in old_left:
            if of_old(row):
                known.setdefault(of_old(row), row)
        found = []
        for row in new_left:
            if of_new(row) and (old := known.pop(of_new(row), None)):
                found.append((old, row))
        partners += found
        done_old, done_new = {old["id"] for old, _ in found}, {new["id"] for _, new in found}
        old_left = [row for row in old_left if row["id"] not in done_old]
        new_left = [row for row in new_left if row["id"] not in done_new]
    return partners


def _alike(old_rows, new_rows, lead, partner):
    """Return pairs among what has no partner yet, the most alike first; Dice's coefficient on pairs of characters."""
    done_old, done_new = {old["id"] for old, _new in partner}, {new["id"] for _old, new in partner}
    old_left = [(row, _bigrams(row["values"].get(lead))) for row in old_rows if row["id"] not in done_old]
    new_left = [(row, _bigrams(row["values"].get(lead))) for row in new_rows if row["id"] not in done_new]
    scores = sorted(
        ((2 * len(left & right) / (len(left) + len(right)), old, new)
         for old, left in old_left for new, right in new_left if left and right), key=lambda it: -it[0])
    found = []
    for score, old, new in scores:
        wanted = ALIKE if old.get("key_label") == new.get("key_label") else RENUMBERED
        if score >= wanted and old["id"] not in done_old and new["id"] not in done_new:
            found.append((old, new))
            done_old.add(old["id"])
            done_new.add(new["id"])
    return found


def _bigrams(text):
    text = "".join((text or "").split())
    return {text[at:at + 2] for at in range(len(text) - 1)}


def _pair(old, new):
    if old is None:
        return Pair(ADDED, None, new, ())
    if new is None:
        return Pair(REMOVED, old, None, ())
    fields = tuple(name for name in new["values"] if (old["values"].get(name) or "") != (new["values"][name] or ""))
    return Pair(CHANGED if fields else SAME, old, new, fields)


def text_diff(old, new):
    """Return ``[(EQUAL | INSERT | DELETE, text)]`` that turns ``old`` into ``new``.

    Characters of Chinese, whole words of anything else; crumbs of one equal character between changes are merged into
    them, since such a diff is read by people.
    """
    left, right = PIECE.findall(old or ""), PIECE.findall(new or "")
    parts = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append((EQUAL, "".join(left[i1:i2]), ""))
        else:
            parts.append(("change", "".join(left[i1:i2]), "".join(right[j1:j2])))
    return _flatten(_merge(parts))


def _merge(parts):
    merged = []
    for index, (tag, old, new) in enumerate(parts):
        crumb = tag == EQUAL and len(old.strip()) < 2 and 0 < index < len(parts) - 1
        if crumb:
            tag, new = "change", old
        if merged and tag == "change" and merged[-1][0] == "change":
            merged[-1] = ("change", merged[-1][1] + old, merged[-1][2] + new)
        else:
            merged.append((tag, old, new))
    return merged


def _flatten(parts):
    for tag, old, new in parts:
        if tag == EQUAL:
            yield EQUAL, old
            continue
        if old:
            yield DELETE, old
        if new:
            yield INSERT, new


def counts(pairs):
    """Return how many rows were added, removed, changed and left the same."""
    return {kind: sum(pair.kind == kind for pair in pairs) for kind in (ADDED, REMOVED, CHANGED, SAME)}

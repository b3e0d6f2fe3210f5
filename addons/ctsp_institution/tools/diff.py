"""Difference of two snapshots of an institution. Pure: plain dicts in, plain tuples out, no database.

A node is ``{"model", "id", "name", "values": {field: value}, "children": {field: [node, …]}}``. Rows of a child list
are matched by their ``id``. A personal value stands in ``values`` as ``{"personal": True}``; its text lies in a
separate mapping under its path (``person_ids/12/mobile``).
"""
from typing import NamedTuple

SAME, CHANGED, ADDED, REMOVED = "same", "changed", "added", "removed"


class FieldDiff(NamedTuple):
    """One field: its name, both values (None for nothing), whether they are personal, and what happened to it."""

    name: str
    left: object
    right: object
    personal: bool
    status: str


class NodeDiff(NamedTuple):
    """One record: its model and name, its fields, its child lists, and what happened to it."""

    model: str
    name: str
    status: str
    fields: tuple
    children: tuple  # of (child field, tuple of NodeDiff)

    @property
    def changed_count(self):
        """Number of differing lines, children included."""
        own = sum(field.status != SAME for field in self.fields)
        return own + sum(node.changed_count for _name, nodes in self.children for node in nodes)


def is_personal(value):
    """Tell whether the value is a stand-in for a personal value."""
    return isinstance(value, dict) and value.get("personal") is True


def compare(left, right, left_personal=None, right_personal=None):
    """Return the :class:`NodeDiff` of two nodes; one of them may be None (everything added or removed)."""
    return _compare(left, right, left_personal or {}, right_personal or {}, "")


def _compare(left, right, left_personal, right_personal, path):
    some = right or left
    fields = tuple(_fields(left, right, left_personal, right_personal, path))
    names = dict.fromkeys([*_children(left), *_children(right)])
    children = tuple((name, tuple(_rows(name, left, right, left_personal, right_personal, path))) for name in names)
    if left is None:
        status = ADDED
    elif right is None:
        status = REMOVED
    else:
        differs = any(field.status != SAME for field in fields)
        differs = differs or any(node.status != SAME for _name, nodes in children for node in nodes)
        status = CHANGED if differs else SAME
    return NodeDiff(some["model"], some["name"], status, fields, children)


def _children(node):
    return node["children"] if node else {}


def _values(node):
    return node["values"] if node else {}


def _fields(left, right, left_personal, right_personal, path):
    old, new = _values(left), _values(right)
    for name in dict.fromkeys([*new, *old]):
        before, after = old.get(name), new.get(name)
        personal = is_personal(before) or is_personal(after)
        if personal:
            key = f"{path}{name}"
            before = left_personal.get(key) if is_personal(before) else before
            after = right_personal.get(key) if is_personal(after) else after
        yield FieldDiff(name, before, after, personal, _status(before, after))


def _status(before, after):
    if before == after or (is_nothing(before) and is_nothing(after)):
        return SAME
    if is_nothing(before):
        return ADDED
    return REMOVED if is_nothing(after) else CHANGED


def is_nothing(value):
    """Tell whether a value says nothing (an empty text, list, or unset flag)."""
    return value is None or value is False or value == "" or value == []


def _rows(name, left, right, left_personal, right_personal, path):
    old = {node["id"]: node for node in _children(left).get(name, [])}
    new = {node["id"]: node for node in _children(right).get(name, [])}
    for key in dict.fromkeys([*new, *old]):
        yield _compare(old.get(key), new.get(key), left_personal, right_personal, f"{path}{name}/{key}/")

"""Checks rows of a data set as they come: bounded memory, the same cost for the first row and the last.

Checks over several rows keep sixteen bytes a row, not the rows: a keyed digest of the values and the row's number.
"""
import hashlib
import os
from array import array
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field

from odoo.addons.ctsp_base.tools import clock

from .definition import TYPES, Rule
from .expression import compile_rule
from .findings import HEADLESS, Finding, finding
from .values import checker

FINDINGS_A_ROW = 50


@dataclass(slots=True)
class Checked:
    """A row that was looked at: its number, its values in normal form (when good) and what was found."""

    number: int
    values: dict | None
    findings: list = field(default_factory=list)

    @property
    def accepted(self):
        return self.values is not None


class Validator:
    """Validates rows of one definition. One object serves one submission: it remembers keys.

    :param definition: :class:`definition.Definition`
    :param lenient: rows come from a table, their texts are read into types first
    """

    def __init__(self, definition, lenient=False, today=clock.today):
        self.definition = definition
        day = today()  # one for all rows, though midnight may pass meanwhile
        self._fields = _Row(definition.fields, lenient, lambda: day)
        self._rules = [
            (rule, compile_rule(rule.expression, lambda: day), *_place(rule, definition))
            for rule in definition.rules if rule.kind == "row"]
        self._unique = [_Unique(rule, definition) for rule in definition.rules if rule.kind == "unique"]
        if definition.keys:
            self._unique.insert(0, _Unique.of_keys(definition))
        self._exists = [_Exists(rule, definition) for rule in definition.rules if rule.kind == "exists"]

    def check(self, number, row):
        """Return the :class:`Checked` row. ``number`` counts from one."""
        if isinstance(row, Finding):  # the reader could not read it
            return Checked(number, None, [row])
        if type(row) is not dict:
            return Checked(number, None, [finding(number, "", "row_type")])
        found = []
        values = self._fields.check(number, row, "", found)
        for rule, holds, path, personal in self._rules:
            if holds(values) is False:
                found.append(finding(
                    number, path, "rule", {"message": rule.message, "hint": rule.hint or "请核对相关字段"},
                    values.get(path), personal, rule.level, rule.code))
        refused = bool(found) and any(item.level == "error" for item in found)
        for unique in self._unique:
            if not refused and (twin := unique.look(number, values)):
                found.append(twin)
                refused = twin.level == "error"
        if not refused:  # only rows that are accepted count for others
            for exists in self._exists:
                exists.look(number, values)
        return Checked(number, None if refused else values, found[:FINDINGS_A_ROW])

    def finish(self):
        """Yield findings that only the end shows: rows whose counterpart never came, or is refused here itself."""
        refused = set()
        for exists in self._exists:
            exists.end()
        waiting = deque((exists, number) for exists in self._exists for number in exists.alone())
        while waiting:
            exists, number = waiting.popleft()
            yield exists.finding(number)
            if exists.rule.level == "error" and number not in refused:
                refused.add(number)
                waiting += [(other, follower) for other in self._exists for follower in other.left_by(number)
                            if follower not in refused]


def _place(rule, definition):
    """Return ``(path, kind of personal data)`` of the field that a rule is told at."""
    path = rule.fields[0] if rule.fields else ""
    item = definition.field(path)
    return path, item.personal if item else ""


class _Row:
    """The fields of a row, or of an inner row."""

    def __init__(self, items, lenient, today):
        self._checks = []
        for item in items:
            inner = _Row(item.fields, lenient, today) if item.type == "list" else None
            self._checks.append((item.code, item, inner, None if inner else checker(item, lenient, today)))
        self._known = {item.code for item in items}

    def check(self, number, row, prefix, found):
        values = {}
        for code, item, inner, check in self._checks:
            value = row.get(code)
            if (not value and (value is None or value == "" or value == [])) or (
                    type(value) is str and value.isspace()):
                if item.required:
                    found.append(finding(number, prefix + code, "required", {"name": item.name}))
                continue
            if inner:
                values[code] = inner.lines(number, item, value, prefix + code, found)
                continue
            normal, error = check(value)
            if error is None:
                values[code] = normal
            else:
                found.append(finding(number, prefix + code, error[0], error[1], value, item.personal))
        if len(row) > len(values) and not self._known.issuperset(row):
            self._unknown(number, row, prefix, found)
        return values

    def _unknown(self, number, row, prefix, found):
        for code in list(row)[:200]:
            if code not in self._known:
                name = str(code)[:60]
                kind = "no_header" if HEADLESS.fullmatch(name) else "unknown_field"
                found.append(finding(number, prefix + name, kind, {"field": name}))

    def lines(self, number, item, value, path, found):
        """Check the inner rows of a list."""
        if type(value) is not list:
            found.append(finding(number, path, "type", {
                "name": item.name, "wanted": TYPES["list"], "found": "其他类型", "example": item.example or "[{…}]"}))
            return None
        if len(value) > item.limit:
            found.append(finding(number, path, "rows", {"name": item.name, "found": len(value), "limit": item.limit}))
            return None
        lines = []
        for index, line in enumerate(value):
            if type(line) is not dict:
                found.append(finding(number, f"{path}[{index}]", "row_type"))
            elif len(found) < FINDINGS_A_ROW:
                lines.append(self.check(number, line, f"{path}[{index}].", found))
        return lines


class _Across:
    """A rule over the rows of a submission."""

    def __init__(self, rule, definition):
        self.rule = rule
        self.names = "、".join(item.name for code in rule.fields if (item := definition.field(code)))
        self.path, self.personal = _place(rule, definition)
        self._salt = os.urandom(16)

    def _digest(self, values, codes):
        parts = [values.get(code) for code in codes]
        if any(part is None for part in parts):
            return None
        text = "\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass")
        return int.from_bytes(hashlib.blake2b(text, digest_size=8, key=self._salt).digest(), "big")


class _Unique(_Across):
    """Values that stand once in a submission."""

    def __init__(self, rule, definition):
        super().__init__(rule, definition)
        self.seen = {}

    @classmethod
    def of_keys(cls, definition):
        return cls(Rule(code="key", kind="unique", fields=list(definition.keys)), definition)

    def look(self, number, values):
        """Remember a row; return a finding when it repeats one before."""
        digest = self._digest(values, self.rule.fields)
        other = self.seen.setdefault(digest, number) if digest is not None else number
        if other == number:
            return None
        return finding(number, self.path, "unique", {"other": other, "names": self.names}, values.get(self.path),
                       self.personal, self.rule.level, self.rule.code)


class _Exists(_Across):
    """Values that some row of the submission has. Of each row its number and two digests are kept, 0 for none."""

    def __init__(self, rule, definition):
        super().__init__(rule, definition)
        self._numbers, self._sources, self._targets = array("Q"), array("Q"), array("Q")

    def look(self, number, values):
        self._numbers.append(number)
        self._sources.append(self._digest(values, self.rule.fields) or 0)
        self._targets.append(self._digest(values, self.rule.target) or 0)

    def end(self):
        """Count who has what, and who asks for it."""
        self._having, self._asking = Counter(self._targets), defaultdict(list)
        for number, source in zip(self._numbers, self._sources, strict=True):
            if source:
                self._asking[source].append(number)
        self._target_of = dict(zip(self._numbers, self._targets, strict=True))

    def alone(self):
        """Yield the rows that ask for what no row has."""
        return (number for number, source in zip(self._numbers, self._sources, strict=True)
                if source and source not in self._having)

    def left_by(self, number):
        """Take the row ``number`` away; return the rows that ask for what only it had."""
        target = self._target_of.get(number)
        if not target:
            return []
        self._having[target] -= 1
        return self._asking[target] if not self._having[target] else []

    def finding(self, number):
        return finding(number, self.path, "exists", {"names": self.names}, level=self.rule.level, rule=self.rule.code)

"""Checks rows of a data set as they come: bounded memory, the same cost for the first row and the last.

Checks over several rows keep sixteen bytes a row, not the rows: a keyed digest of the values and the row's number.
"""
import hashlib
import os
from dataclasses import dataclass, field

from odoo.addons.ctsp_base.tools import clock

from .definition import TYPES, Rule
from .expression import compile_rule
from .findings import Finding, finding
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
        self._fields = _Row(definition.fields, lenient, today)
        self._rules = [
            (rule, compile_rule(rule.expression, today)) for rule in definition.rules if rule.kind == "row"]
        self._across = [_Across(rule, definition) for rule in definition.rules if rule.kind != "row"]
        if definition.keys:
            self._across.insert(0, _Across.of_keys(definition))

    def check(self, number, row):
        """Return the :class:`Checked` row. ``number`` counts from one."""
        if isinstance(row, Finding):  # the reader could not read it
            return Checked(number, None, [row])
        if type(row) is not dict:
            return Checked(number, None, [finding(number, "", "row_type")])
        found = []
        values = self._fields.check(number, row, "", found)
        for rule, holds in self._rules:
            if holds(values) is False:
                found.append(finding(
                    number, rule.fields[0] if rule.fields else "", "rule",
                    {"message": rule.message, "hint": rule.hint or "请核对相关字段"}, level=rule.level, rule=rule.code))
        refused = any(item.level == "error" for item in found)
        for across in self._across:
            if late := across.look(number, values, refused):
                found.append(late)
                refused = refused or late.level == "error"
        return Checked(number, None if refused else values, found[:FINDINGS_A_ROW])

    def finish(self):
        """Yield findings that only the end shows: rows whose counterpart never came. They refuse their rows."""
        for across in self._across:
            yield from across.finish()


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
            if value is None or value == "" or value == []:
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
                found.append(finding(number, prefix + name, "unknown_field", {"field": name}))

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
    """A rule over the rows of a submission: values once (``unique``), or values that another row has (``exists``)."""

    def __init__(self, rule, definition):
        self.rule = rule
        self.names = "、".join(item.name for code in rule.fields if (item := definition.field(code)))
        self.personal = next((item.personal for code in rule.fields if (item := definition.field(code))), "")
        self.seen = {}
        self.wanted = {}
        self._salt = os.urandom(16)

    @classmethod
    def of_keys(cls, definition):
        return cls(Rule(code="key", kind="unique", fields=list(definition.keys)), definition)

    def _digest(self, values, codes):
        parts = [values.get(code) for code in codes]
        if any(part is None for part in parts):
            return None
        text = "\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass")
        return int.from_bytes(hashlib.blake2b(text, digest_size=8, key=self._salt).digest(), "big")

    def look(self, number, values, refused):
        """Remember a row; return a finding when it repeats one before. Rows refused so far do not count."""
        if refused:
            return None
        if self.rule.kind == "exists":
            self._link(number, values)
            return None
        digest = self._digest(values, self.rule.fields)
        other = self.seen.setdefault(digest, number) if digest is not None else number
        if other == number:
            return None
        return finding(number, self.rule.fields[0], "unique", {"other": other, "names": self.names},
                       values.get(self.rule.fields[0]), self.personal, self.rule.level, self.rule.code)

    def _link(self, number, values):
        if (target := self._digest(values, self.rule.target)) is not None:
            self.seen[target] = number
            self.wanted.pop(target, None)
        source = self._digest(values, self.rule.fields)
        if source is not None and source not in self.seen:
            self.wanted.setdefault(source, []).append(number)

    def finish(self):
        if self.rule.kind != "exists":
            return
        for numbers in self.wanted.values():
            for number in numbers:
                yield finding(number, self.rule.fields[0], "exists", {"names": self.names}, level=self.rule.level,
                              rule=self.rule.code)

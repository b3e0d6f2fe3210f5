"""Mistakes that a good row can be given: each yields one finding of its kind, and no other. For the sandbox."""
import copy

from .validator import Validator

TRIED = {"date": ("1950-01-01", "2020-01-01"), "integer": (0, 1), "decimal": (0.0, 1.0), "boolean": (True, False)}


def of(definition, good, twins=True):
    """Return ``[(path, code of the finding, function that spoils a row)]``, an unknown field at least.

    :param good: a row without fault
    :param twins: a row may be made like the first one, which is good
    """
    return [(path, code, change) for path, code, change in _candidates(definition, good, twins)
            if _found(definition, good, change, code == "unique") == [(path, code)]]


def _found(definition, good, change, twin):
    """Return what is found in the row once it is spoilt."""
    spoilt = copy.deepcopy(good)
    change(spoilt)
    validator = Validator(definition)
    if twin:
        validator.check(1, good)
    found = [one for one in validator.check(2, spoilt).findings if one.level == "error"]
    return [(one.path, one.code) for one in found]


def _candidates(definition, good, twins):
    for wanted, kinds, value in (
            ("required", None, None), ("code", ("code",), "不存在的代码"), ("date", ("date",), "2026-02-30"),
            ("type", ("integer", "decimal"), "一百"), ("length", ("string",), None)):
        item = next((item for item in definition.fields if _fits(item, wanted, kinds)), None)
        if item:
            yield item.code, wanted, _put(item.code, "长" * (item.limit + 1) if wanted == "length" else value)
    yield "no_such_field", "unknown_field", _put("no_such_field", "多余的字段")
    if formed := next((item for item in definition.fields if item.format), None):
        yield formed.code, "format", _put(formed.code, "0")
    yield from _inner(definition, good)
    yield from _rules(definition, good)
    if twins and definition.keys:
        yield definition.keys[0], "unique", lambda row: row.update({code: good.get(code) for code in definition.keys})


def _fits(item, wanted, kinds):
    if wanted == "required":
        return item.required and item.type != "list"
    return item.type in kinds and not (wanted == "length" and (item.required or item.format or item.pattern))


def _put(code, value):
    return lambda row: row.update({code: value})


def _inner(definition, good):
    """Yield a mistake within a list."""
    for item in definition.fields:
        inner = next((one for one in item.fields if one.required), None)
        if inner and good.get(item.code):
            yield f"{item.code}[0].{inner.code}", "required", (
                lambda row, outer=item.code, code=inner.code: row[outer][0].update({code: None}))
            return


def _rules(definition, good):
    """Yield the first change of one value that breaks a rule, and nothing else."""
    for rule in definition.rules:
        if rule.kind != "row" or rule.level != "error" or not rule.fields:
            continue
        for code in rule.fields:
            item = definition.field(code)
            values = TRIED.get(item.type, ()) if item else ()
            if item and item.type == "code":
                values = [choice for choice, _name in item.codes]
            for value in (*values, None):
                change = _put(code, value)
                if _found(definition, good, change, False) == [(rule.fields[0], "rule")]:
                    yield rule.fields[0], "rule", change
                    return

"""The wire shape of recording: what an operation must look like, and what its answer looks like. No database.

An operation writes on one thing, which it names: ``line`` (a clause, by id), ``conclusion`` (by id) or ``account``
(``true``: what the team says of the inspection as a whole). Its answer calls what is stored now by the same name.
"""
import re
from datetime import date

from odoo.exceptions import UserError

from odoo.addons.ctsp_clause.tools import codes

MOST = 200
LONGEST = {
    "line": {"description": 5000, "grade_reason": 500},
    "conclusion": {"reason": 500, "system_reason": 500},
    "account": {"summary": 20000, "attendants": 2000, "handling_note": 500},
}
"""texts and the characters they hold, by what is written on"""
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")


def parse(env, operations):
    """Return ``operations`` with normalised values.

    :raise UserError: names the operation (by its place) and the member that is wrong
    """
    if not isinstance(operations, list) or not operations or len(operations) > MOST:
        raise UserError(env._("operations: a list of 1 to %(most)s is expected.", most=MOST))
    parsed = [_operation(env, operation, place) for place, operation in enumerate(operations, 1)]
    if len({operation["id"] for operation in parsed}) < len(parsed):
        raise UserError(env._("operations: two of them have the same id."))
    return parsed


def _operation(env, operation, place):
    if not isinstance(operation, dict):
        raise _wrong(env, place, "operations")
    identifier = operation.get("id")
    if not isinstance(identifier, str) or not UUID.match(identifier.lower()):
        raise _wrong(env, place, "id")
    on = [kind for kind in LONGEST if kind in operation]
    if len(on) != 1:
        raise _wrong(env, place, "line")
    kind, target = on[0], operation[on[0]]
    if not (target is True if kind == "account" else _is_number(target)):
        raise _wrong(env, place, kind)
    if not _is_number(operation.get("revision")):
        raise _wrong(env, place, "revision")
    return {
        "id": identifier.lower(), "on": kind, "target": int(target), "revision": operation["revision"],
        "values": _values(env, kind, operation.get("values"), place)}


def _is_number(value):
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _values(env, kind, values, place):
    allowed, longest, days = _choices(env, kind), LONGEST[kind], {"date_end"} if kind == "account" else set()
    if not isinstance(values, dict) or not values or values.keys() - {*allowed, *longest, *days}:
        raise _wrong(env, place, "values")
    clean = {}
    for name, value in values.items():
        if name in allowed:
            if value not in allowed[name] and (value or name == "result"):
                raise _wrong(env, place, name)
            clean[name] = value or False
        elif name in days:
            clean[name] = _day(env, place, name, value)
        else:
            if not isinstance(value or "", str) or len(value or "") > longest[name]:
                raise _wrong(env, place, name)
            clean[name] = (value or "").replace("\0", "").strip()
    return clean


def _choices(env, kind):
    """Return ``{field: codes}`` of what is chosen, not written."""
    if kind == "line":
        choices = {"result": codes.results(env), "grade": codes.defects(env)}
    elif kind == "conclusion":
        choices = {"decided": codes.conclusions(env), "sound_system": [("sound", ""), ("unsound", "")]}
    else:
        handling = env["ctsp.inspection"]._fields["handling"]
        choices = {"handling": handling._description_selection(env)}
    return {name: [code for code, _label in chosen] for name, chosen in choices.items()}


def _day(env, place, name, value):
    if not value:
        return False
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise _wrong(env, place, name) from None


def _wrong(env, place, name):
    return UserError(env._("Operation %(place)s: “%(name)s” is missing or not valid.", place=place, name=name))


def answer(operation, status, stored, message):
    """Return the answer to an operation; ``stored`` is what it wrote on, as it is now."""
    return {"id": operation["id"], "status": status, operation["on"]: stored, "message": message}


def part(operation):
    """Return the name under which an operation on anything but a clause is noted."""
    return f"{operation['on']}:{operation['target']}" if operation["on"] == "conclusion" else operation["on"]

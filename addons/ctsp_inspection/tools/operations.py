"""The wire shape of recording: what an operation must look like, and what its answer looks like. No database."""
import re

from odoo.exceptions import UserError

from odoo.addons.ctsp_clause.tools import codes

MOST = 200
LONGEST = {"description": 5000, "grade_reason": 500}
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
    for name in ("line", "revision"):
        if not isinstance(operation.get(name), int) or isinstance(operation[name], bool) or operation[name] < 0:
            raise _wrong(env, place, name)
    return {
        "id": identifier.lower(), "line": operation["line"], "revision": operation["revision"],
        "values": _values(env, operation.get("values"), place)}


def _values(env, values, place):
    allowed = {"result": codes.results(env), "grade": codes.defects(env)}
    if not isinstance(values, dict) or not values or values.keys() - {*allowed, *LONGEST}:
        raise _wrong(env, place, "values")
    clean = {}
    for name, value in values.items():
        if name in allowed:
            if value not in [code for code, _label in allowed[name]] and (value or name == "result"):
                raise _wrong(env, place, name)
            clean[name] = value or False
        else:
            if not isinstance(value or "", str) or len(value or "") > LONGEST[name]:
                raise _wrong(env, place, name)
            clean[name] = (value or "").replace("\0", "").strip()
    return clean


def _wrong(env, place, name):
    return UserError(env._("Operation %(place)s: “%(name)s” is missing or not valid.", place=place, name=name))


def answer(operation, status, line, message):
    """Return the answer to an operation."""
    return {"id": operation["id"], "status": status, "line": line, "message": message}

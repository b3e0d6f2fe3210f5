"""The access matrix: reads the table beside this file and observes what the server really allows."""
import csv
from pathlib import Path

from odoo.exceptions import AccessError

TABLE = Path(__file__).with_name("access_matrix.csv")
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
ROLES = (
    "regulator", "filing_officer", "planner", "inspector", "reviewer", "risk_analyst", "data_steward", "leader",
    "interface", "system_admin", "security_admin", "audit_admin",
)
OUTSIDE = ("institution_own", "institution_other")


def read_table():
    """Return ``{model: {column: letters}}`` of the committed table."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return {row.pop("model"): row for row in csv.DictReader(lines)}


def write_table(observed, path):
    """Write what was observed in the form of the committed table, for a person to review."""
    with open(path, "w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, ["model", *ROLES, *OUTSIDE], lineterminator="\n")
        writer.writeheader()
        writer.writerows({"model": model} | observed[model] for model in sorted(observed))


def letters(record, user, create=None):
    """Return the letters of what ``user`` may do with ``record``; "-" for nothing.

    Reading is counted only when the record is found by search and its name is read; an empty ``record``
    asks for the model's rights alone.
    """
    own = record.with_user(user).with_context(active_test=False)
    allowed = "".join(letter for letter, operation in OPERATIONS.items() if _may(own, operation))
    if record and "r" in allowed and not own.search([("id", "in", own.ids)], limit=1):
        raise AssertionError(f"{record} is readable by {user.login} but not found by search")
    return allowed or "-"


def _may(record, operation):
    try:
        record.check_access(operation)
    except AccessError:
        return False
    return True


def business_models(env):
    """Every stored model of the platform, so that a new one can't be forgotten in the table."""
    return _models(env, transient=False)


def dialogs(env):
    """Every dialog (transient model) of the platform: the table holds who may open it."""
    return _models(env, transient=True)


def _models(env, transient):
    return sorted(
        name for name, model in env.registry.items()
        if name.startswith("ctsp.") and not model._abstract and model._transient == transient
        and not name.startswith("ctsp.test")
    )

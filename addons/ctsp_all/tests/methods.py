"""Public methods: which there are, what to call them with, and what a call does to the database."""
import csv
import inspect
import re
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.models import BaseModel
from odoo.service.model import get_public_method
from odoo.sql_db import Cursor

TABLE = Path(__file__).with_name("public_methods.csv")
COLUMNS = ("own", "other", "regulator", "leader", "interface", "system_admin", "security_admin", "audit_admin")
"""an institution on its own record, on another's; then roles that change nothing, or nothing of the business"""
CHANGE = re.compile(
    r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(ctsp_\w+|res_users|res_groups\w*|res_partner|ir_\w+|mail_\w+)')
TRACES = re.compile(r"ctsp_(audit|progress|integrity_seal)|ir_cron_trigger|ir_attachment")
"""written whoever calls: the log, seals, the queue's alarm clock"""


def public_methods(env, models):
    """Yield ``(model, method, argument)`` for each public method that an addon of ours defines or takes over.

    Methods of the ORM itself are the business of the access table. The steps of a workflow count one by one.
    """
    orm = set(dir(BaseModel))
    for model in models:
        for name in sorted(set(dir(type(env[model]))) - orm):
            if name.startswith("_") or not _is_ours(type(env[model]), name):
                continue
            try:
                get_public_method(env[model], name)
            except (AccessError, AttributeError):
                continue
            if name == "run_transition":
                for code in sorted({step.code for step in env[model]._workflow.transitions}):
                    yield model, f"{name}:{code}", code
            else:
                yield model, name, None


def _is_ours(cls, name):
    definers = [one.__dict__[name] for one in cls.mro() if name in one.__dict__]
    return inspect.isfunction(definers[0]) and any(
        getattr(definer, "__module__", "").startswith("odoo.addons.ctsp_") for definer in definers)


def arguments(method, samples):
    """Return keyword arguments for the parameters without a default."""
    wanted = [one for one in list(inspect.signature(method).parameters.values())[1:] if one.default is one.empty
              and one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY)]
    return {one.name: samples.get(one.name, "x") for one in wanted}


@contextmanager
def changes():
    """Collect the names of the tables that are written inside the block, traces aside."""
    found, execute = set(), Cursor.execute

    def watch(cursor, query, params=None, log_exceptions=True):
        text = query.code if hasattr(query, "code") else query
        match = CHANGE.match(text if isinstance(text, str) else str(text))
        if match and not TRACES.match(match[1]):
            found.add(match[1])
        return execute(cursor, query, params, log_exceptions)

    with patch.object(Cursor, "execute", watch):
        yield found


def needs_leave(row):
    """Say whether a row of letters is more than reading by the regulator's own people."""
    return any(
        row[column] == "w" or (row[column] == "r" and column not in ("regulator", "leader")) for column in COLUMNS)


def read_table():
    """Return ``{(model, method): row}`` of the committed table of what is allowed, with the reason of each."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return {(row.pop("model"), row.pop("method")): row for row in csv.DictReader(lines)}


def write_table(observed, path):
    """Write what needs a reason in the form of the committed table; a person gives the reason."""
    known = read_table() if TABLE.exists() else {}
    with open(path, "w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, ["model", "method", *COLUMNS, "reason"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(
            {"model": key[0], "method": key[1], "reason": known.get(key, {}).get("reason", "")} | observed[key]
            for key in sorted(observed) if needs_leave(observed[key]))

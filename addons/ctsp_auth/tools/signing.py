"""What a person signs who makes a step that binds: the step, and the values that result from it. Pure.

A text is JSON with sorted keys. Long values stand as their SM3 digest. Fields that the step itself dates or computes
(the text's own time stands for them) are named as left out, so that whoever reads the text knows what it does not say.
"""
import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from odoo.exceptions import UserError

from odoo.addons.ctsp_base.tools.digest import sm3

KIND = "CTSP-SIGN1"
LONG = 200  # characters of a value; beyond them its digest stands there
FRESH = timedelta(minutes=10)  # from the text's time to its signature: people look for their key
SKEW = timedelta(seconds=5)


class SignatureWanted(UserError):
    """Not an error but a question: the step was tried and undone, and goes through with a signature over ``texts``."""

    loglevel = logging.DEBUG

    def __init__(self, message, **context):
        super().__init__(message)
        self.context = context


@dataclass(frozen=True, eq=False)
class Intent:
    """Who is about to sign which step: what is made in the step (a paper) can name him. Not from outside: an object.

    The same for the try that asks and the one that brings the signatures, so that both make the same.
    """

    model: str
    ids: tuple
    row: object
    """the certificate, in superuser's hands"""
    moment: str
    answer: dict

    def of(self, record):
        """Return the place of ``record`` among those of the step, None where the step is another one's."""
        same = record is not None and record._name == self.model and record.id in self.ids
        return self.ids.index(record.id) if same else None


def now():
    return datetime.now(UTC).replace(microsecond=0).isoformat()


def is_fresh(moment, at):
    """Say whether ``moment`` (text of :func:`now`) was written shortly before ``at``."""
    try:
        written = datetime.fromisoformat(moment)
    except (TypeError, ValueError):
        return False
    return written.tzinfo is not None and -SKEW <= datetime.fromisoformat(at) - written <= FRESH


def shown(value):
    if isinstance(value, str) and len(value) > LONG:
        return {"sm3": sm3(value.encode()), "length": len(value)}
    return value


def write(facts, values, left_out, moment):
    """Return the text to sign.

    :param facts: ``model``, ``id``, ``revision`` (of the evidence before the step), ``name``, ``step``, ``user``
    :param values: ``{field: text or None}`` after the step
    """
    kept = {name: shown(value) for name, value in values.items() if name not in left_out}
    return json.dumps(
        {"kind": KIND, "time": moment, **facts, "values": kept, "left_out": sorted(left_out)},
        ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def moment_of(text):
    """Return the time of a text, None where it is none of ours."""
    try:
        content = json.loads(text)
        return content["time"] if content["kind"] == KIND else None
    except (KeyError, TypeError, ValueError):
        return None


def covers(text, statement):
    """Say whether a signed text says what ``statement`` (``ctsp_crypto.tools.evidence.statement``) says."""
    try:
        signed, present = json.loads(text), json.loads(statement)
        if signed["kind"] != KIND or (signed["model"], signed["id"]) != (present["model"], present["id"]):
            return False
        if signed["revision"] >= present["revision"]:
            return False
        return all(name in signed["left_out"] or (name in signed["values"] and signed["values"][name] == shown(value))
                   for name, value in present["values"].items())
    except (KeyError, TypeError, ValueError):
        return False

"""What the APP says about whoever holds a ticket. Pure; the form is that of docs/exchange.md, chapter “Mobile APP”."""
import json
import re
from dataclasses import dataclass, field

from odoo.addons.ctsp_base.tools.digest import sm3

FORM = re.compile(r"[A-Za-z0-9._~-]{16,512}")
SUBJECT = re.compile(r"[A-Za-z0-9._@-]{1,64}")
MARK = "app.ticket"
LONGEST = 64 * 1024
SECONDS = 60
"""how far the clocks may be apart"""


class Unreadable(Exception):
    """The answer is not of the agreed form. The first argument says what is wrong, for the log."""


@dataclass(frozen=True)
class Said:
    """Who holds the ticket: ``subject`` is the APP's lasting identifier of the person, the rest describes him today."""

    subject: str
    name: str
    organisation: str = ""
    organisation_name: str = ""
    posts: tuple[str, ...] = field(default=())
    roles: tuple[str, ...] = field(default=())


def digest(ticket: str) -> str:
    return sm3(ticket.encode())


def signed_text(assertion: str) -> bytes:
    """Return the bytes that the APP signs: what they are for comes first."""
    return f"{MARK}\n{assertion}".encode()


def read(assertion: str, ticket: str, nonce: str, now: int) -> Said:
    """Read a saying whose signature holds.

    :param now: milliseconds since 1970
    :raise Unreadable: it is about another ticket, answers another question, is stale, or not of the form
    """
    if len(assertion) > LONGEST:
        raise Unreadable("form")
    try:
        facts = json.loads(assertion)
        about = facts["ticket"], facts["nonce"], facts["platform"], facts["time"]
        said = Said(
            subject=_text(facts, "subject"), name=_text(facts, "name"), organisation=_text(facts, "organisation", ""),
            organisation_name=_text(facts, "organisationName", ""), posts=_texts(facts, "posts"),
            roles=_texts(facts, "roles"))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Unreadable("form") from None
    if about[:3] != (digest(ticket), nonce, "ctsp"):
        raise Unreadable("other")
    if type(about[3]) is not int or abs(now - about[3]) > SECONDS * 1000:
        raise Unreadable("late")
    if not SUBJECT.fullmatch(said.subject) or not said.name.strip():
        raise Unreadable("form")
    return said


def _text(facts, name, *default):
    value = facts.get(name, *default) if default else facts[name]
    if not isinstance(value, str) or len(value) > 200:
        raise TypeError(name)
    return value


def _texts(facts, name):
    values = facts.get(name) or []
    if not isinstance(values, list) or len(values) > 50 or any(
            not isinstance(value, str) or len(value) > 100 for value in values):
        raise TypeError(name)
    return tuple(values)

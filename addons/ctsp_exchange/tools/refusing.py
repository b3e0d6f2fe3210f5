"""What is known about a message that is refused: who sent it, and about which business object. Pure."""
from dataclasses import dataclass

from .reply import CODES, Refused

KEYS = frozenset({"header_missing", "key_unknown", "signature", "stale", "replayed", "address", "scope"})
"""refusals of a caller who did not prove who he is: the audit log has them"""
CONTENT = frozenset({"not_json", "form", "signature", "not_found", "conflict", "too_large", "media_type", "invalid"})
"""refusals for what was sent: it would be refused again, whatever the hour"""
ERRORS = 10  # of a schema that are kept
LONGEST = 1000  # characters of a reason
BUSINESS_ID = 200


@dataclass
class Known:
    """A caller whose signature held. What is refused to him within the block carries this as ``known``."""

    key: str
    business_id: str = ""

    def read(self, content):
        """Note which business object ``content`` says it is about, if it says so at all."""
        said = content.get("bizId") if isinstance(content, dict) else None
        if isinstance(said, str):
            self.business_id = said.strip()[:BUSINESS_ID]

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if isinstance(error, Refused):
            error.known = self


def is_counted(refusal: Refused) -> bool:
    """Say whether a refusal is counted: whoever did not prove who he is stands in the audit log instead."""
    return bool(refusal.known) or refusal.name not in KEYS


def is_content(refusal: Refused) -> bool:
    """Say whether a known caller was refused for what he sent, rather than for the hour he sent it at."""
    return bool(refusal.known) and refusal.name in CONTENT


def answer(refusal: Refused) -> str:
    """Return what kind of refusal it is: the same text for all of a code."""
    return f"{refusal.code} {CODES[refusal.name][1]}"


def reason(refusal: Refused) -> str:
    """Return what the sender was told, with the places that do not meet the schema."""
    wrong = refusal.data.get("errors") or []
    lines = [f"{one['path']} {one['message']}" for one in wrong[:ERRORS]]
    if len(wrong) > ERRORS:
        lines.append("…")
    return "\n".join([refusal.message, *lines])[:LONGEST]

"""What a person signed, as it travels in the file of a paper. Pure.

JSON in ASCII: ``text`` (:mod:`signing`), ``signature`` and ``certificate`` (base64), ``length``: the bytes of the file,
from its beginning, whose SM3 digest stands in the text.
"""
import base64
import json
from dataclasses import dataclass
from datetime import datetime

from .signing import KIND

LARGEST = 64 * 1024


@dataclass(frozen=True)
class Given:
    text: str
    said: dict
    signature: bytes
    certificate: bytes
    length: int


def write(answer, place, length):
    """Return the bytes that travel for the paper at ``place`` of the step; whether they hold is judged elsewhere."""
    parts = {name: answer.get(name) if isinstance(answer.get(name), list) else [] for name in ("texts", "signatures")}
    if not all(len(part) > place for part in parts.values()):
        return b""
    return json.dumps({
        "text": str(parts["texts"][place]), "signature": str(parts["signatures"][place]),
        "certificate": str(answer.get("certificate") or ""), "length": length}).encode()[:LARGEST]


def read(content):
    """Return :class:`Given`; :raise ValueError: it is none."""
    try:
        found = json.loads(content)
        said = json.loads(found["text"])
        if said["kind"] != KIND or not isinstance(said["values"], dict) or not datetime.fromisoformat(said["time"]):
            raise ValueError("no text of ours")
        return Given(
            found["text"], said, base64.b64decode(found["signature"], validate=True),
            base64.b64decode(found["certificate"], validate=True), int(found["length"]))
    except (KeyError, TypeError, OverflowError, RecursionError) as error:
        raise ValueError("not what was signed") from error

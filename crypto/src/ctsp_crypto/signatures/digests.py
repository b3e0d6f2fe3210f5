"""Digests that signed messages may rest on."""

import hashlib
from collections.abc import Iterable

from ..certificates import oids
from ..errors import EncodingError

DIGESTS = {
    oids.SM3: "sm3",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}


class Digests:
    """Digests of a content that has been read once, by name."""

    def __init__(self, states: dict[str, bytes]):
        self._states = states

    @classmethod
    def of(cls, content: bytes | Iterable[bytes] | None) -> "Digests":
        if content is None:
            raise EncodingError("a detached signature needs its content")
        states = {name: hashlib.new(name) for name in DIGESTS.values()}
        for chunk in (content,) if isinstance(content, bytes) else content:
            for state in states.values():
                state.update(chunk)
        return cls({name: state.digest() for name, state in states.items()})

    def get(self, name: str) -> bytes:
        return self._states[name]

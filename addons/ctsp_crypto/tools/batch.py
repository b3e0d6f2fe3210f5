"""What the door of the platform answers."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Batch:
    """Results in the order of what was asked, and who made them of which key.

    ``values``: bytes each. ``purpose`` and ``version`` name the key; keep ``version`` beside what you store.
    """

    values: list
    purpose: str
    version: int
    algorithm: str
    provider: str

    @property
    def key_ref(self):
        return f"{self.purpose}:{self.version}"


def parsed(key_ref):
    """Return ``(purpose, version)`` of a ``key_ref``, None where it is none."""
    purpose, colon, version = (key_ref or "").rpartition(":")
    return (purpose, int(version)) if colon and version.isdigit() else None

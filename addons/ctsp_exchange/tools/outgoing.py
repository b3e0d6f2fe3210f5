"""A message to be sent, as handlers yield it."""
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Outgoing:
    """``version`` None: the engine's next number. ``records``: what the message is about.

    ``order``: messages with the same word go one after another, whatever their types; None: as the type says.
    ``bulk``: part of a full push, which lets everything else go first.
    """

    business_id: str
    data: dict
    version: int | None = None
    records: Any = None
    order: str | None = None
    bulk: bool = False


@dataclass(frozen=True)
class Job:
    """A claimed message on its way: ``request`` to be sent, or ``outcome`` where it could not even be prepared."""

    message: int
    token: str
    request: Any = None
    outcome: Any = field(default=None)

"""What of a session's row is under a seal, and which rows this process has found to hold. Pure."""
import hashlib
import json
from collections import OrderedDict
from datetime import datetime
from typing import NamedTuple

REMEMBERED = 4096  # sessions


class Row(NamedTuple):
    """A session as its row says. One that ended has no seal any more: nobody opens it again."""

    id: int
    user_id: int
    token: str
    method: str
    certificate_id: int | None
    date_start: datetime
    date_seen: datetime
    date_end: datetime | None
    seal: str | None

    @classmethod
    def of(cls, values: dict) -> "Row":
        return cls(**{name: values.get(name) for name in cls._fields})

    def message(self) -> bytes:
        """The token says which row it is: it is unique, and there before the row has a number."""
        parts = ["ctsp.auth.session", 1, self.token, self.user_id, self.method, self.certificate_id,
                 str(self.date_start), str(self.date_seen)]
        return json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()

    def print(self) -> bytes:
        return hashlib.sha256(self.message() + (self.seal or "").encode()).digest()


class Known:
    """Prints of rows whose seal was found good: the next request need not ask again."""

    def __init__(self, limit: int = REMEMBERED):
        self._prints: OrderedDict[bytes, None] = OrderedDict()
        self._limit = limit

    def __contains__(self, row: Row) -> bool:
        return row.print() in self._prints

    def add(self, row: Row) -> None:
        self._prints[row.print()] = None
        while len(self._prints) > self._limit:
            self._prints.popitem(last=False)

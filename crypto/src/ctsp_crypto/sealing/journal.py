"""The journal of one stream: what was sealed of one log file, in a file that only grows.

A *stream* is one life of a log file, from its creation until rotation takes it away; it keeps its journal when
the file is renamed or compressed. First line: the header, which names the stream and the one before it. Every
further line: one segment. Each line carries `chain` = HMAC-SM3(key, chain of the line before ‖ canonical JSON
of this line without `chain`), so that none can be changed, left out, added or moved without the key, and the
chain of the last line stands for everything before it.
"""

import base64
import hmac
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .files import FILE_MODE, canonical, make_folder
from .segments import Segment

EMPTY = b""


class JournalDamaged(Exception):
    """A line of the journal that does not continue the chain. `number`: which line (0 is the header)."""

    def __init__(self, number: int, reason: str):
        super().__init__(reason)
        self.number = number


class Chainer:
    """HMAC-SM3 under the sealing key."""

    def __init__(self, key: bytes):
        self._base = hmac.new(key, digestmod="sm3")

    def __repr__(self):
        return "Chainer(…)"

    def mac(self, message: bytes) -> bytes:
        state = self._base.copy()
        state.update(message)
        return state.digest()

    def link(self, previous: bytes, record: dict) -> bytes:
        return self.mac(previous + canonical(record))


@dataclass(frozen=True)
class Entry:
    """A line of the journal: number, record without chain, chain after it."""

    number: int
    record: dict
    chain: bytes

    @property
    def segment(self) -> Segment:
        record = self.record
        return Segment(
            record["offset"],
            record["length"],
            record["lines"],
            bytes.fromhex(record["digest"]),
            base64.b64decode(record["tags"]),
        )


def segment_record(number: int, segment: Segment, now: float) -> dict:
    return {
        "n": number,
        "at": round(now, 3),
        "offset": segment.offset,
        "length": segment.length,
        "lines": segment.lines,
        "digest": segment.digest.hex(),
        "tags": base64.b64encode(segment.tags).decode(),
    }


class Journal:
    """Appends to the journal at `path`. `size` is its length in bytes up to which it is known to be good."""

    def __init__(self, path: Path, chainer: Chainer, number: int = 0, chain: bytes = EMPTY, size: int = 0):
        self.path, self._chainer = path, chainer
        self.number, self.chain, self.size = number, chain, size
        self._stream = None

    def open(self) -> "Journal":
        """Cuts off what a killed run wrote beyond the last committed state."""
        make_folder(self.path.parent)
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
        self._stream = os.fdopen(handle, "r+b")
        self._stream.truncate(self.size)
        self._stream.seek(self.size)
        return self

    def close(self) -> None:
        if self._stream:
            self._stream.close()
            self._stream = None

    def append(self, record: dict) -> None:
        self.chain = self._chainer.link(self.chain, record)
        line = canonical({**record, "chain": self.chain.hex()}) + b"\n"
        self._stream.write(line)
        self.size += len(line)
        self.number += 1

    def commit(self) -> None:
        self._stream.flush()
        os.fsync(self._stream.fileno())


def read(path: Path, chainer: Chainer, size: int | None = None) -> Iterator[Entry]:
    """Entries of the journal, each proved to continue the chain; raises JournalDamaged at the first that does not."""
    chain, position = EMPTY, 0
    with path.open("rb") as stream:
        for number, line in enumerate(stream):
            if size is not None and position >= size:
                return
            position += len(line)
            record, stated = _parse(number, line)
            chain = chainer.link(chain, record)
            if not hmac.compare_digest(chain, stated):
                raise JournalDamaged(number, "the chain does not match")
            yield Entry(number, record, chain)


def _parse(number: int, line: bytes) -> tuple[dict, bytes]:
    try:
        record = json.loads(line)
        return record, bytes.fromhex(record.pop("chain"))
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise JournalDamaged(number, "the line cannot be read") from error

"""What has been sealed of one source so far: a JSON file that is replaced atomically and carries an HMAC.

It is written after the journal it speaks of is on the disk; a run that is killed in between leaves journal
lines that the next run cuts off.
"""

import hmac
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from .files import canonical, write_atomically
from .journal import Chainer

OPEN, CLOSED, LOST, ACCEPTED = "open", "closed", "lost", "accepted"


class StateDamaged(Exception):
    """The state file was changed by somebody without the key, or belongs to another source."""


@dataclass
class Stream:
    """One life of a log file. `offset`, `lines`: how much of it is sealed; `number`, `chain`, `size`: the
    journal's end.
    """

    id: str
    path: str
    device: int
    inode: int
    created: float
    offset: int = 0
    lines: int = 0
    number: int = 0
    chain: str = ""
    size: int = 0
    status: str = OPEN
    sealed_at: float = 0.0
    last_segment: int = 0
    last_digest: str = ""
    first_length: int = 0
    first_digest: str = ""
    note: str = ""


@dataclass
class SourceState:
    source: str
    path: str
    clock: float = 0.0
    sealed_at: float = 0.0
    streams: list[Stream] = field(default_factory=list)

    @property
    def active(self) -> Stream | None:
        return self.streams[-1] if self.streams and self.streams[-1].status == OPEN else None


class StateFile:
    """Reads and writes the state of one source."""

    def __init__(self, path: Path, chainer: Chainer):
        self.path, self._chainer = path, chainer

    def load(self, source: str, log_path: str) -> SourceState:
        if not self.path.exists():
            return SourceState(source, log_path)
        body = read_signed(self.path, self._chainer)
        if body.get("source") != source or body.get("path") != log_path:
            raise StateDamaged("the state belongs to another source")
        streams = [Stream(**stream) for stream in body.pop("streams")]
        return SourceState(**body, streams=streams)

    def save(self, state: SourceState) -> None:
        write_signed(self.path, asdict(state), self._chainer)


def read_signed(path: Path, chainer: Chainer) -> dict:
    try:
        raw = path.read_bytes()
        content = json.loads(raw)
        if canonical(content) + b"\n" != raw:
            raise ValueError
        body, stated = content["body"], bytes.fromhex(content["mac"])
    except (ValueError, KeyError, TypeError) as error:
        raise StateDamaged("the state cannot be read") from error
    if not hmac.compare_digest(chainer.mac(b"state" + canonical(body)), stated):
        raise StateDamaged("the HMAC of the state does not match")
    return body


def write_signed(path: Path, body: dict, chainer: Chainer) -> None:
    write_atomically(path, canonical({"body": body, "mac": chainer.mac(b"state" + canonical(body)).hex()}) + b"\n")

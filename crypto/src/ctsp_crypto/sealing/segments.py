"""Cutting a log into segments and measuring them: pure functions over byte streams, constant memory.

A segment is a run of whole lines of at most `SEGMENT_BYTES` bytes and `SEGMENT_LINES` lines. It carries the SM3
digest of its content and, for every line, a keyed tag of `TAG_BYTES` bytes. The digest proves; the tags only
tell *which* line changed, so they may be short. They are keyed because a log line is guessable: whoever reads
the journal must not be able to confirm a guess about a line that has been deleted.

Offsets and lengths are bytes of the uncompressed log; line numbers start at 1.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

SEGMENT_BYTES = 64 * 1024
SEGMENT_LINES = 512
# A "line" longer than this is cut: a log without line ends must not fill the memory.
LINE_BYTES = SEGMENT_BYTES
TAG_BYTES = 8
CHUNK = 1024 * 1024


class Tagger:
    """Keyed line tags: SM3 over one block of key, then the line; the state after the key is computed once and
    copied.
    """

    def __init__(self, key: bytes):
        self._base = hashlib.new("sm3", key.ljust(64, b"\0"))

    def __repr__(self):
        return "Tagger(…)"

    def tag(self, line: bytes) -> bytes:
        state = self._base.copy()
        state.update(line)
        return state.digest()[:TAG_BYTES]


@dataclass(frozen=True)
class Segment:
    """One measured run of lines. `tags`: of all its lines, one after the other; `raw`: the lines, while they are
    at hand.
    """

    offset: int
    length: int
    lines: int
    digest: bytes
    tags: bytes
    raw: list[bytes] = field(default_factory=list, repr=False, compare=False)

    @property
    def end(self) -> int:
        return self.offset + self.length

    def tag_list(self) -> list[bytes]:
        return split_tags(self.tags)


def split_tags(tags: bytes) -> list[bytes]:
    return [tags[at : at + TAG_BYTES] for at in range(0, len(tags), TAG_BYTES)]


def read_chunks(stream, size: int = CHUNK) -> Iterator[bytes]:
    while chunk := stream.read(size):
        yield chunk


def lines_of(chunks: Iterable[bytes], whole: bool = True) -> Iterator[bytes]:
    """Lines with their ends. The last one, if it has no end yet, is given only when `whole` (nobody writes to
    that file any more). A line longer than `LINE_BYTES` comes in pieces, cut at the same places whenever it is
    read."""
    rest = b""
    for chunk in chunks:
        rest += chunk
        lines = rest.split(b"\n")
        rest = lines.pop()
        for line in lines:
            if len(line) < LINE_BYTES:
                yield line + b"\n"
            else:
                yield from _pieces(line + b"\n")
        while len(rest) > LINE_BYTES:
            yield rest[:LINE_BYTES]
            rest = rest[LINE_BYTES:]
    if rest and whole:
        yield rest


def _pieces(line: bytes) -> Iterator[bytes]:
    for at in range(0, len(line), LINE_BYTES):
        yield line[at : at + LINE_BYTES]


def segments_of(lines: Iterable[bytes], tagger: Tagger, offset: int = 0) -> Iterator[Segment]:
    """Measured segments of `lines`, the first byte of which stands at `offset`."""
    group: list[bytes] = []
    size = 0
    for line in lines:
        if group and (size + len(line) > SEGMENT_BYTES or len(group) >= SEGMENT_LINES):
            yield measure(group, tagger, offset)
            offset += size
            group, size = [], 0
        group.append(line)
        size += len(line)
    if group:
        yield measure(group, tagger, offset)


def measure(lines: list[bytes], tagger: Tagger, offset: int) -> Segment:
    content = b"".join(lines)
    tag = tagger.tag
    return Segment(
        offset=offset,
        length=len(content),
        lines=len(lines),
        digest=hashlib.new("sm3", content).digest(),
        tags=b"".join([tag(line) for line in lines]),
        raw=lines,
    )

"""Finding the files of a log after rotation: by what is in them, since renaming and compression change
everything else.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from .files import open_log, skip
from .settings import LogSource, expand
from .state import Stream

DAMAGED = (OSError, EOFError)  # gzip's own errors are OSErrors; a cut-off archive is an EOFError


def candidates(source: LogSource) -> list[Path]:
    """Everything rotation may have made of the log, oldest first."""
    found = {path for pattern in source.patterns() for path in expand(pattern)} - {source.path}
    return sorted(found, key=lambda path: (path.stat().st_mtime, str(path)))


def content_at(path: Path, offset: int, length: int) -> bytes | None:
    """So many bytes of the uncompressed log, None if it is shorter or unreadable."""
    try:
        with open_log(path) as stream:
            if not skip(stream, offset):
                return None
            content = stream.read(length)
    except DAMAGED:
        return None
    return content if len(content) == length else None


def _equals(content: bytes | None, digest: str) -> bool:
    return content is not None and hashlib.new("sm3", content).hexdigest() == digest


def starts_like(path: Path, stream: Stream) -> bool:
    """The file begins as the stream began."""
    return not stream.first_length or _equals(content_at(path, 0, stream.first_length), stream.first_digest)


def continues(path: Path, stream: Stream) -> bool:
    """The file holds the last sealed segment of the stream where it was."""
    if not stream.last_segment:
        return True
    return _equals(content_at(path, stream.offset - stream.last_segment, stream.last_segment), stream.last_digest)


def same_file(path: Path, stream: Stream) -> bool:
    try:
        about = path.stat()
    except OSError:
        return False
    return (about.st_dev, about.st_ino) == (stream.device, stream.inode)


def find_rotated(stream: Stream, paths: Iterable[Path]) -> Path | None:
    """The file that rotation made of the stream: the same inode first, then the same beginning; both must continue
    it.
    """
    if not stream.number:
        return None
    paths = list(paths)
    for path in sorted(paths, key=lambda path: not same_file(path, stream)):
        if stream.offset and starts_like(path, stream) and continues(path, stream):
            return path
        if not stream.offset and same_file(path, stream):
            return path
    return None


def assign(streams: list[Stream], source: LogSource) -> dict[str, Path]:
    """For each stream the file to be verified: by its beginning, else by inode, else by the name it had last."""
    paths = [*([source.path] if source.path.is_file() else []), *reversed(candidates(source))]
    result: dict[str, Path] = {}
    tests = (
        lambda path, stream: bool(stream.offset) and starts_like(path, stream) and continues(path, stream),
        lambda path, stream: bool(stream.offset) and starts_like(path, stream),
        same_file,
        lambda path, stream: str(path) == stream.path,
    )
    for test in tests:
        for stream in reversed(streams):
            if stream.id in result:
                continue
            taken = set(result.values())
            found = next((path for path in paths if path not in taken and test(path, stream)), None)
            if found:
                result[stream.id] = found
    return result

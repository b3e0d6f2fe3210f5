"""Files that survive a power cut: atomic replacement, append with fsync, and reading logs plain or compressed."""

import contextlib
import gzip
import json
import os
import tempfile
from pathlib import Path

FOLDER_MODE = 0o700
FILE_MODE = 0o600


def canonical(data) -> bytes:
    """The one byte form of a JSON value that is signed."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def make_folder(path: Path) -> None:
    path.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)


def sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_atomically(path: Path, content: bytes, mode: int = FILE_MODE) -> None:
    """Either the old or the new content is there, whole, whatever happens in between."""
    make_folder(path.parent)
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fchmod(stream.fileno(), mode)
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        raise
    sync_folder(path.parent)


def is_compressed(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return stream.read(2) == b"\x1f\x8b"
    except OSError:
        return False


def open_log(path: Path):
    """A binary stream of the log's uncompressed bytes. Raises OSError (gzip.BadGzipFile and EOFError while
    reading, if damaged).
    """
    return gzip.open(path, "rb") if is_compressed(path) else path.open("rb")


def skip(stream, offset: int) -> bool:
    """Goes to `offset` of an open log; False if the log is shorter."""
    if not isinstance(stream, gzip.GzipFile):
        if os.fstat(stream.fileno()).st_size < offset:
            return False
        stream.seek(offset)
        return True
    while offset:
        chunk = stream.read(min(offset, 1 << 20))
        if not chunk:
            return False
        offset -= len(chunk)
    return True

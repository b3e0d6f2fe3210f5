"""Where wrapped keys lie: the interface, and files. The database's store comes with the addon that has a database.

A store keeps records as they are; it never sees a key in clear. The keyring checks every record it gets.
"""

import fcntl
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from ..errors import EncodingError
from ..sealing.files import canonical, make_folder, write_atomically
from .records import KeyRecord

_ID = re.compile(r"(domain|data)/[a-z0-9][a-z0-9._-]{0,79}")


class KeyStore(Protocol):
    """All methods are atomic; `save` replaces the record of the same id and version."""

    def records(self) -> list[KeyRecord]:
        """Everything, by id and version."""

    def versions(self, key_id: str) -> list[KeyRecord]:
        """All versions of one key, oldest first; empty if there is none."""

    def save(self, record: KeyRecord) -> None: ...

    def get_manifest(self) -> dict:
        """The table of contents as the keyring wrote it; empty before the first time."""

    def put_manifest(self, manifest: dict) -> None: ...

    def locked(self):
        """A context manager: one writer at a time."""


class FileStore:
    """One JSON file per version, below a folder with mode 0700. A destroyed key's file is overwritten before it is
    replaced.
    """

    def __init__(self, folder: Path):
        self.folder = Path(folder)

    def records(self) -> list[KeyRecord]:
        found = [_read(path) for path in sorted(self.folder.glob("*/*/*.json"))]
        return sorted(found, key=lambda record: (record.id, record.version))

    def versions(self, key_id: str) -> list[KeyRecord]:
        check_id(key_id)
        return sorted(
            (_read(path) for path in (self.folder / key_id).glob("*.json")), key=lambda record: record.version
        )

    def save(self, record: KeyRecord) -> None:
        check_id(record.id)
        path = self.folder / record.id / f"{record.version:06d}.json"
        if path.exists() and not record.wrapped:
            _overwrite(path)
        write_atomically(path, canonical(record.as_dict()) + b"\n")

    def get_manifest(self) -> dict:
        path = self.folder / "manifest.json"
        return json.loads(path.read_bytes()) if path.exists() else {}

    def put_manifest(self, manifest: dict) -> None:
        write_atomically(self.folder / "manifest.json", canonical(manifest) + b"\n")

    @contextmanager
    def locked(self) -> Iterator[None]:
        make_folder(self.folder)
        handle = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


class MemoryStore:
    """For tests and for looking into a backup."""

    def __init__(self):
        self._records: dict[tuple[str, int], KeyRecord] = {}
        self._manifest: dict = {}

    def records(self) -> list[KeyRecord]:
        return [self._records[key] for key in sorted(self._records)]

    def versions(self, key_id: str) -> list[KeyRecord]:
        return [record for record in self.records() if record.id == key_id]

    def save(self, record: KeyRecord) -> None:
        check_id(record.id)
        self._records[(record.id, record.version)] = record

    def get_manifest(self) -> dict:
        return dict(self._manifest)

    def put_manifest(self, manifest: dict) -> None:
        self._manifest = dict(manifest)

    @contextmanager
    def locked(self) -> Iterator[None]:
        yield


def check_id(key_id: str) -> None:
    if not _ID.fullmatch(key_id) or ".." in key_id:
        raise EncodingError("a key id is domain/<name> or data/<purpose>: lower case letters, digits, dot, hyphen")


def _read(path: Path) -> KeyRecord:
    try:
        return KeyRecord.from_dict(json.loads(path.read_bytes()))
    except (ValueError, AttributeError) as error:
        raise EncodingError(f"the key record {path.name} cannot be read") from error


def _overwrite(path: Path) -> None:
    """Best effort: a journalling or copy-on-write file system, or a backup, may keep the old bytes. The key is
    wrapped all the same.
    """
    size = path.stat().st_size
    with path.open("r+b") as stream:
        stream.write(os.urandom(size))
        stream.flush()
        os.fsync(stream.fileno())

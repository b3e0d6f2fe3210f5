"""The root key: wraps domain keys, lies outside the database, is never handed out.

In production it stays in the cryptographic module or the cloud service (`ProviderRoot`); for development it is
a file that only its owner can read (`FileRoot`), which in an assessment counts as a software key: say so.
"""

import json
import os
import stat
from pathlib import Path
from typing import Protocol

from .. import algorithms
from ..errors import EncodingError, KeyMissing, PolicyError
from ..material import KeyHandle, SymmetricKey
from ..ports import Cipher, KeyMaker
from ..sealing.files import canonical, write_atomically
from ..secret import Secret
from .derive import check_value

FORMAT = "ctsp-root-key/1"
ID = "root"


class RootKey(Protocol):
    """`version` is the one that wraps now; older ones still unwrap until everything has been wrapped anew."""

    version: int

    def wrap(self, secret: Secret, aad: bytes) -> bytes: ...

    def unwrap(self, wrapped: bytes, aad: bytes, version: int) -> Secret:
        """Raises DecryptionFailed or KeyMissing."""

    def refresh(self) -> None:
        """Look again: another process may have added a version."""

    def describe(self) -> dict:
        """For protocols: kind, place, check values; nothing secret."""


class _Keys:
    """Wrapping with whatever the provider takes as a key: SM4-GCM, the record's description as associated data."""

    def __init__(self, provider: Cipher, keys: dict[int, SymmetricKey | KeyHandle]):
        self._provider, self._keys = provider, keys

    @property
    def version(self) -> int:
        return max(self._keys)

    def wrap(self, secret: Secret, aad: bytes) -> bytes:
        return self._provider.encrypt(self._keys[self.version], secret.reveal(), aad=aad).value

    def unwrap(self, wrapped: bytes, aad: bytes, version: int) -> Secret:
        if version not in self._keys:
            raise KeyMissing(f"no version {version} of the root key")
        return Secret(self._provider.decrypt(self._keys[version], wrapped, aad=aad))

    def refresh(self) -> None:
        """Before a change: what the configuration says now. Handles are given once."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(version {self.version})"


class ProviderRoot(_Keys):
    """A key that stays inside its provider (SDF, cloud). `handles`: version → handle."""

    def __init__(self, provider: Cipher, handles: dict[int, KeyHandle]):
        if not handles:
            raise KeyMissing("no root key is configured")
        super().__init__(provider, handles)

    def describe(self) -> dict:
        return {"kind": "provider", "provider": self._provider.name, "versions": sorted(self._keys)}


class FileRoot(_Keys):
    """A file with mode 0600 in a folder nobody else can write to. For development, or until a module is connected."""

    def __init__(self, path: Path, provider: Cipher):
        self.path = Path(path)
        super().__init__(provider, read_file(self.path))

    @classmethod
    def create(cls, path: Path, provider: "Cipher | KeyMaker") -> "FileRoot":
        """Refuses to replace a root key that is there: everything below it would be lost."""
        path = Path(path)
        if path.exists():
            raise PolicyError("there is a root key already")
        _write(path, {1: provider.generate_key()})
        return cls(path, provider)

    @classmethod
    def restore(cls, path: Path, provider: Cipher, keys: dict[int, Secret]) -> "FileRoot":
        path = Path(path)
        if path.exists():
            raise PolicyError("there is a root key already")
        _write(path, {version: SymmetricKey(secret, ID, version) for version, secret in keys.items()})
        return cls(path, provider)

    def refresh(self) -> None:
        self._keys = read_file(self.path)

    def unwrap(self, wrapped: bytes, aad: bytes, version: int) -> Secret:
        if version not in self._keys:  # another process may have added it
            self.refresh()
        return super().unwrap(wrapped, aad, version)

    def add_version(self) -> int:
        """A new version that wraps from now on."""
        new = self.version + 1
        self._store({**self._keys, new: self._provider.generate_key()})
        return new

    def drop_versions_before(self, version: int) -> list[int]:
        """After everything has been wrapped anew."""
        gone = [one for one in self._keys if one < version]
        self._store({one: key for one, key in self._keys.items() if one >= version})
        return gone

    def reveal(self) -> dict[int, Secret]:
        """For a backup under dual control only."""
        return {version: key.secret for version, key in self._keys.items()}

    def describe(self) -> dict:
        checks = {str(version): check_value(key.secret) for version, key in sorted(self._keys.items())}
        return {"kind": "file", "path": str(self.path), "check_values": checks}

    def _store(self, keys: dict[int, SymmetricKey]) -> None:
        _write(self.path, keys)
        self._keys = read_file(self.path)


def _write(path: Path, keys: dict[int, SymmetricKey]) -> None:
    body = {str(version): key.secret.reveal().hex() for version, key in keys.items()}
    write_atomically(path, canonical({"format": FORMAT, "keys": body}) + b"\n", 0o600)


def read_file(path: Path) -> dict[int, SymmetricKey]:
    """Raises KeyMissing, PolicyError (somebody else could read or replace it), EncodingError."""
    content = read_private_file(path)
    try:
        data = json.loads(content)
        if data["format"] != FORMAT:
            raise ValueError
        keys = {
            int(version): SymmetricKey(Secret(bytes.fromhex(text)), ID, int(version))
            for version, text in data["keys"].items()
        }
        if not keys or any(len(key.secret) != algorithms.SM4_KEY_SIZE for key in keys.values()):
            raise ValueError
    except (ValueError, KeyError, TypeError, AttributeError):
        raise EncodingError(f"{path} holds no root key") from None
    return keys


def read_private_file(path: Path) -> bytes:
    """Content of a file that belongs to us, is no link, and that nobody else can read or replace."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        raise KeyMissing(f"{path} does not exist") from None
    except OSError as error:
        raise PolicyError(f"{path} cannot be opened as a private file: {error.strerror}") from None
    with os.fdopen(handle, "rb") as stream:
        about = os.fstat(stream.fileno())
        if not stat.S_ISREG(about.st_mode) or stat.S_IMODE(about.st_mode) & 0o077:
            raise PolicyError(f"{path} must be a regular file with mode 0600")
        if about.st_uid != os.geteuid():
            raise PolicyError(f"{path} must belong to the user who runs this")
        folder = path.absolute().parent.stat()
        if folder.st_mode & 0o022 and not folder.st_mode & stat.S_ISVTX:
            raise PolicyError(f"others can write to the folder of {path}")
        return stream.read()

"""Using keys: unwraps what a purpose needs, once, and keeps it in memory."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from ..encodings.keys import PublicForm, write_public
from ..errors import DecryptionFailed, KeyMissing, PolicyError, VerificationFailed
from ..material import PrivateKey, PublicKey, SymmetricKey
from ..secret import Secret
from . import derive
from .manifest import Manifest
from .records import ACTIVE, DATA, DESTROYED, DOMAIN, SM2, KeyRecord
from .root import RootKey
from .store import KeyStore

INTEGRITY = "domain/key-records"


def utc_now() -> datetime:
    return datetime.now(UTC)


class Keyring:
    """Data keys of a store under a root key. Safe for threads. `lifecycle.Lifecycle` makes, rotates and
    destroys them.

    Every record is checked against its MAC and unwrapped with its description as associated data; a record that
    was exchanged, rolled back to another state or edited raises VerificationFailed or DecryptionFailed, never
    gives a key. What was read from the store is used for `max_age` seconds: so long another process may go on
    with a version that has just been rotated.
    """

    def __init__(
        self, root: RootKey, store: KeyStore, provider, now: Callable[[], datetime] = utc_now, max_age: float = 60.0
    ):
        self.root, self.store, self.provider, self.now, self.max_age = root, store, provider, now, max_age
        self._read: dict[str, tuple[float, list[KeyRecord]]] = {}
        self._lock = threading.RLock()
        self._secrets: dict[tuple[str, int, str], Secret] = {}
        self._keys: dict[tuple[str, int], SymmetricKey | PrivateKey] = {}
        self._integrity: Secret | None = None

    def __repr__(self) -> str:
        return f"Keyring({self.root!r})"

    # -- what users of keys call -----------------------------------------------------------------------------------

    def current(self, purpose: str) -> SymmetricKey:
        """The version that encrypts and authenticates now. `purpose` without the data/ in front."""
        return self._symmetric(self._active(f"{DATA}/{purpose}"))

    def version(self, purpose: str, version: int) -> SymmetricKey:
        """Any version that is not destroyed: for decrypting and verifying."""
        return self._symmetric(self._record(f"{DATA}/{purpose}", version))

    def mac_key(self, purpose: str, context: str = "", version: int | None = None) -> SymmetricKey:
        return derive.mac_key(self._of(purpose, version), context)

    def index_key(self, purpose: str, context: str, version: int | None = None) -> SymmetricKey:
        return derive.index_key(self._of(purpose, version), context)

    def signing_key(self, purpose: str, version: int | None = None) -> PrivateKey:
        """Of a version that was replaced: until the certificate of the one in use has been issued."""
        key_id = f"{DATA}/{purpose}"
        return self._pair(self._active(key_id) if version is None else self._record(key_id, version))

    def public_key(self, purpose: str, version: int | None = None) -> PublicKey:
        """Also of a destroyed version: what it signed stays verifiable."""
        key_id = f"{DATA}/{purpose}"
        record = self._active(key_id) if version is None else self._record(key_id, version, destroyed=True)
        if record.algorithm != SM2:
            raise PolicyError(f"{key_id} is no key pair")
        return PublicKey(bytes.fromhex(record.public), record.id, record.version)

    def public_pem(self, purpose: str) -> bytes:
        return write_public(self.public_key(purpose), PublicForm.PEM)

    def refresh(self) -> None:
        """The next use reads the store again."""
        with self._lock:
            self._read.clear()

    def forget(self) -> None:
        """Drops and wipes everything in memory."""
        with self._lock:
            self._read.clear()
            for secret in self._secrets.values():
                secret.wipe()
            self._secrets.clear()
            self._keys.clear()
            self._integrity = None

    def listing(self) -> list[KeyRecord]:
        """Everything in the store, checked."""
        found = self.store.records()
        for record in found:
            self.check(record)
        return found

    def verify(self) -> list[str]:
        """What is wrong with the store, in Chinese; empty when all is well: MACs, table of contents, every key
        unwraps.
        """
        problems = []
        for record in self.store.records():
            try:
                self.check(record)
                if record.state != DESTROYED and derive.check_value(self.secret(record)) != record.check:
                    raise VerificationFailed("another key")
            except (VerificationFailed, DecryptionFailed, KeyMissing):
                problems.append(f"密钥 {record.id} 第 {record.version} 版的记录被改动或无法解开")
        return problems + self.manifest.problems(self.store.records())

    # -- what lifecycle and backup need ----------------------------------------------------------------------------

    @property
    def integrity(self) -> Secret:
        """The key of the records' MACs: a domain key of its own, below the root."""
        with self._lock:
            if self._integrity is None:
                found = [one for one in self.store.versions(INTEGRITY) if one.state == ACTIVE]
                if not found:
                    raise KeyMissing("the key store has not been created")
                record = found[-1]
                secret = self.root.unwrap(bytes.fromhex(record.wrapped), record.aad(), record.parent_version)
                record.check_mac(secret)
                self._integrity = secret
            return self._integrity

    @property
    def manifest(self) -> Manifest:
        return Manifest(self.store, self.integrity)

    def check(self, record: KeyRecord) -> None:
        record.check_mac(self.integrity)

    def secret(self, record: KeyRecord) -> Secret:
        """The key in clear."""
        if record.state == DESTROYED or not record.wrapped:
            raise KeyMissing(f"{record.id} version {record.version} is destroyed")
        self.check(record)
        place = (record.id, record.version, record.mac)
        with self._lock:
            if place not in self._secrets:
                self._secrets[place] = self._unwrap(record)
            return self._secrets[place]

    def wrapping_key(self, domain: str, version: int | None = None) -> SymmetricKey:
        record = self._active(domain) if version is None else self._record(domain, version)
        return self._symmetric(record)

    def _unwrap(self, record: KeyRecord) -> Secret:
        wrapped = bytes.fromhex(record.wrapped)
        if record.kind == DOMAIN:
            return self.root.unwrap(wrapped, record.aad(), record.parent_version)
        parent = self.wrapping_key(record.parent, record.parent_version)
        return Secret(self.provider.decrypt(parent, wrapped, aad=record.aad()))

    def _of(self, purpose: str, version: int | None) -> SymmetricKey:
        return self.current(purpose) if version is None else self.version(purpose, version)

    def _active(self, key_id: str) -> KeyRecord:
        for record in reversed(self._versions(key_id)):
            if record.state == ACTIVE:
                return record
        raise KeyMissing(f"no active key {key_id}")

    def _record(self, key_id: str, version: int, destroyed: bool = False) -> KeyRecord:
        for fresh in (False, True):  # another process may just have made it
            for record in self._versions(key_id, fresh):
                if record.version == version and (destroyed or record.state != DESTROYED):
                    return record
        raise KeyMissing(f"no key {key_id} version {version}")

    def _versions(self, key_id: str, fresh: bool = False) -> list[KeyRecord]:
        """Checked records, from memory while they are young."""
        with self._lock:
            at, found = self._read.get(key_id, (0.0, []))
            if fresh or not found or time.monotonic() - at > self.max_age:
                found = self.store.versions(key_id)
                for record in found:
                    self.check(record)
                self._read[key_id] = (time.monotonic(), found)
            return found

    def _symmetric(self, record: KeyRecord) -> SymmetricKey:
        if record.algorithm == SM2:
            raise PolicyError(f"{record.id} is a key pair")
        return self._cached(record, lambda secret: SymmetricKey(secret, record.id, record.version))

    def _pair(self, record: KeyRecord) -> PrivateKey:
        if record.algorithm != SM2:
            raise PolicyError(f"{record.id} is no key pair")
        public = PublicKey(bytes.fromhex(record.public), record.id, record.version)
        return self._cached(record, lambda secret: PrivateKey(secret, public, record.id, record.version))

    def _cached(self, record: KeyRecord, make):
        """One object per key, so that a provider can remember what it made of it."""
        secret = self.secret(record)
        with self._lock:
            place = (record.id, record.version)
            if place not in self._keys or self._keys[place].secret is not secret:
                self._keys[place] = make(secret)
            return self._keys[place]

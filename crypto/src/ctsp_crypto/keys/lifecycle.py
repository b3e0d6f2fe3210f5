"""Making, rotating, rewrapping and destroying keys. Each step is saved on its own, so that what was interrupted
is repeated and goes on.

Rotation of a data key: a new version is active, the old one only decrypts. Rotation of a domain or root key: a
new version is active, then everything below the old one is wrapped anew (`rewrap`), record by record; the data
keys themselves do not change, so that nothing has to be encrypted again and old evidence stays valid.
Destruction leaves the record, without the key, with who and why.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from ..errors import PolicyError
from ..secret import Secret
from .derive import check_value
from .keyring import INTEGRITY, Keyring
from .manifest import Manifest
from .records import (
    ACTIVE,
    DATA,
    DECRYPT_ONLY,
    DESTROYED,
    DOMAIN,
    HMAC_SM3,
    SIZES,
    SM2,
    SM4,
    KeyRecord,
)
from .root import ID as ROOT
from .store import check_id

Progress = Callable[[int, int], None]


class Lifecycle:
    """Changes to the keys of a keyring."""

    def __init__(self, ring: Keyring):
        self.ring = ring

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One change at a time, on what the store says now: another process may have changed it."""
        with self.ring.store.locked():
            self.ring.refresh()
            self.ring.root.refresh()
            yield

    def create_store(self) -> None:
        """The first step of a new installation: the key that protects the records. Refuses where there is one."""
        ring = self.ring
        with self._alone():
            if ring.store.versions(INTEGRITY):
                raise PolicyError("the key store has been created already")
            secret = Secret(ring.provider.random(SIZES[HMAC_SM3]))
            record = self._blank(INTEGRITY, 1, DOMAIN, HMAC_SM3, ROOT, ring.root.version, secret)
            wrapped = ring.root.wrap(secret, record.aad())
            Manifest(ring.store, secret).save(replace(record, wrapped=wrapped.hex()).sealed(secret))

    def create_domain(self, name: str) -> KeyRecord:
        return self._create(f"{DOMAIN}/{name}", DOMAIN, SM4, ROOT)

    def create_key(self, purpose: str, domain: str, algorithm: str = SM4) -> KeyRecord:
        """`algorithm`: SM4, HMAC-SM3 or SM2 (a key pair)."""
        if algorithm not in SIZES:
            raise PolicyError(f"no key algorithm {algorithm}; known: {', '.join(SIZES)}")
        return self._create(f"{DATA}/{purpose}", DATA, algorithm, f"{DOMAIN}/{domain}")

    def rotate(self, key_id: str) -> KeyRecord:
        """A new version of a domain or data key; the old one only decrypts. After a domain key: `rewrap`."""
        ring = self.ring
        if key_id == INTEGRITY:
            raise PolicyError("the key of the records is renewed with a new store")
        with self._alone():
            old = ring._active(key_id)
            versions = ring.store.versions(key_id)
            new = self._make(old.id, versions[-1].version + 1, old.kind, old.algorithm, old.parent)
            for record in versions:
                if record.state == ACTIVE:
                    self._change(record, state=DECRYPT_ONLY)
            return new

    def outdated(self) -> list[KeyRecord]:
        """Records that an older version of their parent wraps."""
        ring = self.ring
        versions = {ROOT: ring.root.version}
        result = []
        for record in ring.listing():
            if record.state == DESTROYED:
                continue
            if record.parent not in versions:
                versions[record.parent] = ring._active(record.parent).version
            if record.parent_version != versions[record.parent]:
                result.append(record)
        return result

    def rewrap(self, progress: Progress | None = None) -> int:
        """Wraps everything anew that an older version wraps; may be interrupted and repeated at any record."""
        ring = self.ring
        with self._alone():
            todo = self.outdated()
            for number, record in enumerate(todo, 1):
                secret = ring.integrity if record.id == INTEGRITY else ring.secret(record)
                version = ring.root.version if record.parent == ROOT else ring._active(record.parent).version
                self._save(self._wrapped(replace(record, parent_version=version), secret))
                if progress:
                    progress(number, len(todo))
            return len(todo)

    def destroy(self, key_id: str, version: int, by: str, reason: str) -> KeyRecord:
        """Refuses an active version (rotate first), one that still wraps others, and an order without name or reason.
        """
        if not by.strip() or not reason.strip():
            raise PolicyError("destroying a key needs a name and a reason")
        ring = self.ring
        with self._alone():
            record = ring._record(key_id, version)
            if record.state == ACTIVE:
                raise PolicyError("an active key is not destroyed: rotate it first")
            below = [
                one
                for one in ring.listing()
                if (one.parent, one.parent_version) == (key_id, version) and one.state != DESTROYED
            ]
            if below:
                raise PolicyError(f"{len(below)} keys are still wrapped by this one: rewrap first")
            gone = self._change(record, state=DESTROYED, wrapped="", note=f"{by}：{reason}")
            ring.forget()
            return gone

    # -- parts -----------------------------------------------------------------------------------------------------

    def _create(self, key_id: str, kind: str, algorithm: str, parent: str) -> KeyRecord:
        check_id(key_id)
        ring = self.ring
        with self._alone():
            if ring.store.versions(key_id):
                raise PolicyError(f"there is a key {key_id} already")
            return self._make(key_id, 1, kind, algorithm, parent)

    def _make(self, key_id: str, version: int, kind: str, algorithm: str, parent: str) -> KeyRecord:
        ring = self.ring
        public = ""
        if algorithm == SM2:
            pair = ring.provider.generate_key_pair()
            secret, public = pair.secret, pair.public.point.hex()
        else:
            secret = Secret(ring.provider.random(SIZES[algorithm]))
        parent_version = ring.root.version if parent == ROOT else ring._active(parent).version
        record = replace(self._blank(key_id, version, kind, algorithm, parent, parent_version, secret), public=public)
        record = self._wrapped(record, secret)
        self._save(record)
        return record

    def _blank(self, key_id, version, kind, algorithm, parent, parent_version, secret: Secret) -> KeyRecord:
        return KeyRecord(
            id=key_id,
            version=version,
            kind=kind,
            algorithm=algorithm,
            parent=parent,
            parent_version=parent_version,
            wrapped="",
            check=check_value(secret),
            created_at=self.ring.now().isoformat(timespec="seconds"),
        )

    def _wrapped(self, record: KeyRecord, secret: Secret) -> KeyRecord:
        ring = self.ring
        if record.parent == ROOT:
            wrapped = ring.root.wrap(secret, record.aad())
        else:
            parent = ring.wrapping_key(record.parent, record.parent_version)
            wrapped = ring.provider.encrypt(parent, secret.reveal(), aad=record.aad()).value
        return replace(record, wrapped=wrapped.hex()).sealed(ring.integrity)

    def _change(self, record: KeyRecord, **values) -> KeyRecord:
        changed = replace(record, **values, changed_at=self.ring.now().isoformat(timespec="seconds"))
        changed = changed.sealed(self.ring.integrity)
        self._save(changed)
        return changed

    def _save(self, record: KeyRecord) -> None:
        self.ring.manifest.save(record)
        self.ring.refresh()

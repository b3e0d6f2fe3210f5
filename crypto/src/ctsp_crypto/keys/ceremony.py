"""Key ceremonies: the operations on the whole key system, each leaving a written record. What `ctsp-crypto
keys ceremony` calls.
"""

from collections.abc import Sequence
from pathlib import Path

from ..errors import PolicyError, VerificationFailed
from ..secret import Secret
from . import backup
from .backup import Backup, Custodian
from .keyring import Keyring
from .lifecycle import Lifecycle, Progress
from .protocol import Ceremony, Protocol
from .records import DESTROYED, SM4
from .root import FileRoot


class Ceremonies:
    """`people`: who is present: the operator first, then witnesses."""

    def __init__(self, ring: Keyring, protocol_path: Path, people: Sequence[str]):
        if not people or not people[0].strip():
            raise PolicyError("a ceremony needs an operator")
        self.ring, self.lifecycle = ring, Lifecycle(ring)
        self._path, self._people = protocol_path, list(people)

    @property
    def protocol(self) -> Protocol:
        return Protocol(self._path, self.ring.integrity)

    def create(self, domains: Sequence[str] = ()) -> dict:
        """Store, integrity key and domain keys of a new installation."""
        self.lifecycle.create_store()
        made = [self.lifecycle.create_domain(name) for name in domains]
        return self._note(
            "create", detail={"根密钥": self.ring.root.describe(), "域密钥": {one.id: one.check for one in made}}
        )

    def create_domain(self, name: str) -> dict:
        record = self.lifecycle.create_domain(name)
        return self._note("create_domain", detail={"密钥": record.id, "校验值": record.check})

    def create_key(self, purpose: str, domain: str, algorithm: str = SM4) -> dict:
        record = self.lifecycle.create_key(purpose, domain, algorithm)
        return self._note(
            "create_key", detail={"密钥": record.id, "算法": algorithm, "域": domain, "校验值": record.check}
        )

    def verify(self) -> dict:
        """Raises VerificationFailed with everything that is wrong."""
        problems = self.ring.verify()
        if problems:
            raise VerificationFailed("；".join(problems))
        entries = self.protocol.entries()
        records = self.ring.listing()
        alive = sum(record.state != DESTROYED for record in records)
        return self._note(
            "verify", detail={"密钥": f"{len(records)} 个版本，其中 {alive} 个可用", "既有记录": f"{len(entries)} 条"}
        )

    def rotate(self, key_id: str, reason: str) -> dict:
        new = self.lifecycle.rotate(key_id)
        count = self.lifecycle.rewrap() if key_id.startswith("domain/") else 0
        return self._note(
            "rotate", reason, {"密钥": key_id, "新版本": new.version, "校验值": new.check, "重新加密": count}
        )

    def rotate_root(self, reason: str, progress: Progress | None = None) -> dict:
        """A new root key version (file) or the newer one of the module, then everything wrapped anew."""
        root = self.ring.root
        if isinstance(root, FileRoot) and not self.lifecycle.outdated():
            root.add_version()
        count = self.lifecycle.rewrap(progress)
        dropped = root.drop_versions_before(root.version) if isinstance(root, FileRoot) else []
        return self._note("rotate_root", reason, {"新版本": root.version, "重新加密": count, "已清除的旧版本": dropped})

    def rewrap(self, progress: Progress | None = None) -> dict:
        return self._note("rewrap", detail={"重新加密": self.lifecycle.rewrap(progress)})

    def destroy(self, key_id: str, version: int, reason: str) -> dict:
        if len(self._people) < 2:
            raise PolicyError("destroying a key needs a witness")
        record = self.lifecycle.destroy(key_id, version, "、".join(self._people), reason)
        return self._note("destroy", reason, {"密钥": key_id, "版本": version, "校验值": record.check})

    def backup(
        self, custodians: Sequence[Custodian], threshold: int, iterations: int = backup.ITERATIONS
    ) -> tuple[Backup, dict]:
        made = backup.make(self.ring, custodians, threshold, self.ring.now(), iterations)
        names = [one.name for one in custodians]
        return made, self._note("backup", detail={"备份": made.id, "保管人": names, "恢复所需人数": threshold})

    def _note(self, action: str, reason: str = "", detail: dict | None = None) -> dict:
        ceremony = Ceremony(action, self._people[0], self._people[1:], reason, detail or {})
        return self.protocol.add(ceremony, self.ring.now())


def restore(
    bundle: bytes,
    shares: Sequence[tuple[bytes, Secret]],
    store,
    root_path: Path | None,
    provider,
    protocol_path: Path,
    people: Sequence[str],
    root=None,
) -> tuple[Keyring, dict]:
    """A key system out of its backup, into an empty place; checked before it is declared good."""
    opened = backup.open_bundle(provider, bundle, shares)
    if root is None:
        if not opened.roots or root_path is None:
            raise PolicyError("the root key of this backup stays in its module: connect the module")
        root = FileRoot.restore(root_path, provider, opened.roots)
    opened.into(store)
    ring = Keyring(root, store, provider)
    problems = ring.verify()
    if problems:
        raise VerificationFailed("；".join(problems))
    ceremonies = Ceremonies(ring, protocol_path, people)
    return ring, ceremonies._note("restore", detail={"备份": opened.header["id"], "备份时间": opened.header["at"]})

"""The envelope scheme: keys come out only of sound records, in the right state, below the right root."""

import dataclasses
import pickle
import traceback
from datetime import UTC, datetime

import pytest

from ctsp_crypto import CryptoError, KeyMissing, PolicyError, Secret, VerificationFailed
from ctsp_crypto.keys import (
    DECRYPT_ONLY,
    DESTROYED,
    HMAC_SM3,
    SM2,
    FileRoot,
    FileStore,
    Keyring,
    Lifecycle,
    MemoryStore,
    derive,
)
from ctsp_crypto.keys.records import KeyRecord
from ctsp_crypto.keys.root import read_private_file
from ctsp_crypto.providers.standard import StandardProvider

PROVIDER = StandardProvider()


@pytest.fixture(params=["files", "memory"])
def ring(request, tmp_path):
    root = FileRoot.create(tmp_path / "root.key", PROVIDER)
    store = FileStore(tmp_path / "keys") if request.param == "files" else MemoryStore()
    ring = Keyring(root, store, PROVIDER, now=lambda: datetime(2026, 11, 22, tzinfo=UTC))
    life = Lifecycle(ring)
    life.create_store()
    life.create_domain("audit")
    life.create_domain("person")
    life.create_key("audit.mac", "audit", HMAC_SM3)
    life.create_key("person.name", "person")
    life.create_key("seal.sign", "audit", SM2)
    return ring


def reopened(ring):
    root = FileRoot(ring.root.path, PROVIDER)
    return Keyring(root, ring.store, PROVIDER, now=ring.now)


def test_the_same_key_after_a_restart(ring):
    key = ring.current("person.name")
    assert (key.key_id, key.version) == ("data/person.name", 1)
    assert ring.current("person.name") is key, "one object, so that a provider remembers it"
    assert reopened(ring).current("person.name").secret == key.secret
    message = PROVIDER.sign(ring.signing_key("seal.sign"), b"m").value
    PROVIDER.verify(reopened(ring).public_key("seal.sign"), b"m", message)
    assert reopened(ring).verify() == []


def test_rotation_keeps_old_versions_readable(ring):
    life = Lifecycle(ring)
    old = ring.current("person.name")
    sealed = PROVIDER.encrypt(old, "张三".encode())
    assert life.rotate("data/person.name").version == 2
    assert ring.current("person.name").version == 2
    assert ring.current("person.name").secret != old.secret
    assert PROVIDER.decrypt(ring.version("person.name", sealed.key_version), sealed.value) == "张三".encode()
    assert [record.state for record in ring.store.versions("data/person.name")] == [DECRYPT_ONLY, "active"]
    assert ring.verify() == []


def test_rotation_of_domain_and_root_changes_no_data_key(ring):
    life = Lifecycle(ring)
    before = {name: ring.current(name).secret for name in ("audit.mac", "person.name")}
    life.rotate("domain/audit")
    assert life.rewrap() == 2
    ring.root.add_version()
    assert life.rewrap() == 4, "three versions of domain keys and the key of the records"
    assert life.rewrap() == 0
    assert ring.root.drop_versions_before(2) == [1]
    again = reopened(ring)
    assert again.verify() == []
    for name, secret in before.items():
        assert again.current(name).secret == secret


def test_rewrapping_goes_on_where_it_was_interrupted(ring):
    """Stopped after every single record: still sound, and the rest is done by the next run."""

    class Stop(Exception):
        pass

    def stop(done, _total):
        raise Stop

    ring.root.add_version()
    life, runs = Lifecycle(ring), 0
    while life.outdated():
        with pytest.raises(Stop):
            life.rewrap(stop)
        runs += 1
        assert reopened(ring).verify() == []
    assert runs == 3


@pytest.mark.parametrize("moment", range(6))
def test_killed_between_two_writes(tmp_path, moment):
    """The store dies before its n-th write: afterwards every key is there, nothing looks like tampering, the work
    can be repeated.
    """

    class Dying(MemoryStore):
        left = 10**6

        def _count(self):
            self.left -= 1
            if self.left < 0:
                raise OSError("killed")

        def save(self, record):
            self._count()
            super().save(record)

        def put_manifest(self, manifest):
            self._count()
            super().put_manifest(manifest)

    root = FileRoot.create(tmp_path / "root.key", PROVIDER)
    store = Dying()
    ring = Keyring(root, store, PROVIDER)
    life = Lifecycle(ring)
    life.create_store()
    life.create_domain("d")
    life.create_key("k", "d")
    secret = ring.current("k").secret
    store.left = moment
    with pytest.raises(OSError, match="killed"):
        life.rotate("data/k")
    store.left = 10**6
    again = Keyring(root, store, PROVIDER)
    assert again.verify() == []
    assert again.version("k", 1).secret == secret
    Lifecycle(again).rotate("data/k")
    assert again.verify() == []
    assert sum(record.state == "active" for record in store.versions("data/k")) == 1


def test_two_processes(ring):
    """Another keyring on the same store rotates domain, data and root key; the first goes on without a restart."""
    other = reopened(ring)
    for one in (ring, other):
        one.current("person.name")
    Lifecycle(other).rotate("domain/person")
    Lifecycle(other).rewrap()
    other.root.add_version()
    Lifecycle(other).rewrap()
    assert Lifecycle(ring).rewrap() == 0, "never back to an older version"
    other.root.drop_versions_before(2)
    Lifecycle(other).rotate("data/person.name")
    assert ring.version("person.name", 2).secret == other.current("person.name").secret
    assert ring.current("audit.mac").secret == other.current("audit.mac").secret
    Lifecycle(ring).rotate("data/person.name")
    assert [record.version for record in ring.store.versions("data/person.name") if record.state == "active"] == [3]
    assert Lifecycle(ring).rewrap() == 0
    assert {record.parent_version for record in ring.store.versions("data/person.name")} == {2}
    assert reopened(ring).verify() == []


def test_destruction(ring):
    life = Lifecycle(ring)
    with pytest.raises(PolicyError):
        life.destroy("data/person.name", 1, "甲", "到期")
    wrapped = ring.store.versions("data/person.name")[0].wrapped
    life.rotate("data/person.name")
    held = ring.version("person.name", 1)
    with pytest.raises(PolicyError):
        life.destroy("data/person.name", 1, "", "到期")
    gone = life.destroy("data/person.name", 1, "甲、乙", "到期")
    assert (gone.state, gone.wrapped, gone.note) == (DESTROYED, "", "甲、乙：到期")
    assert not held.secret, "wiped where it was held"
    with pytest.raises(KeyMissing):
        ring.version("person.name", 1)
    if isinstance(ring.store, FileStore):
        assert all(wrapped not in path.read_text() for path in ring.store.folder.rglob("*.json"))
    assert reopened(ring).verify() == []


def test_a_wrapping_key_in_use_is_not_destroyed(ring):
    life = Lifecycle(ring)
    life.rotate("domain/audit")
    with pytest.raises(PolicyError):
        life.destroy("domain/audit", 1, "甲", "到期")
    life.rewrap()
    life.destroy("domain/audit", 1, "甲", "到期")
    assert ring.verify() == []


def test_every_changed_field_of_a_record_is_found(ring):
    """Any field edited, a record exchanged, an older one put back, one removed: no key comes out and verify names
    it.
    """
    good = ring.store.versions("data/person.name")[0]
    other = ring.store.versions("data/audit.mac")[0]
    edits = {
        "algorithm": "SM2",
        "parent": "domain/audit",
        "parent_version": 2,
        "state": DECRYPT_ONLY,
        "created_at": "2020",
        "note": "x",
        "check": "000000",
        "wrapped": other.wrapped,
        "mac": other.mac,
        "public": "04",
        "kind": "domain",
        "changed_at": "x",
    }
    assert edits.keys() == {field.name for field in dataclasses.fields(KeyRecord)} - {"id", "version"}
    for name, value in edits.items():
        ring.store.save(dataclasses.replace(good, **{name: value}))
        fresh = reopened(ring)
        with pytest.raises(CryptoError):
            fresh.current("person.name")
        assert any("data/person.name" in problem for problem in fresh.verify()), name
    ring.store.save(good)
    assert reopened(ring).verify() == []


def test_every_byte_of_a_wrapped_key_counts(ring):
    good = ring.store.versions("data/person.name")[0]
    raw = bytes.fromhex(good.wrapped)
    for at in range(len(raw)):
        bad = raw[:at] + bytes((raw[at] ^ 1,)) + raw[at + 1 :]
        # even with a MAC made by somebody who holds the integrity key, the wrapping itself refuses
        ring.store.save(dataclasses.replace(good, wrapped=bad.hex()).sealed(ring.integrity))
        with pytest.raises(CryptoError):
            reopened(ring).current("person.name")


def test_a_rolled_back_or_missing_record(ring):
    life = Lifecycle(ring)
    old = ring.store.versions("data/person.name")[0]
    life.rotate("data/person.name")
    new = ring.store.versions("data/person.name")[0]
    ring.store.save(old)
    assert reopened(ring).verify() == ["密钥 data/person.name#1 的记录不是最新的一份"]
    life.rotate("data/audit.mac")
    assert "密钥 data/person.name#1 的记录不是最新的一份" in reopened(ring).verify(), (
        "later changes do not make it right"
    )
    ring.store.save(new)
    assert reopened(ring).verify() == []
    if isinstance(ring.store, FileStore):
        (ring.store.folder / "data" / "person.name" / "000002.json").unlink()
        assert reopened(ring).verify() == ["密钥 data/person.name#2 的记录缺失"]
        (ring.store.folder / "manifest.json").unlink()
        assert reopened(ring).verify() == ["密钥清单被改动或缺失"]


def test_another_root_opens_nothing(ring, tmp_path):
    foreign = Keyring(FileRoot.create(tmp_path / "other.key", PROVIDER), ring.store, PROVIDER)
    with pytest.raises(CryptoError):
        foreign.current("person.name")


def test_nothing_secret_is_shown(ring):
    key = ring.current("person.name")
    secret = key.secret.reveal()
    shown = [
        repr(ring),
        repr(ring.root),
        repr(key),
        str(ring.__dict__),
        repr(ring.listing()),
        str(ring.root.describe()),
    ]
    try:
        ring.version("person.name", 9)
    except KeyMissing:
        shown.append(traceback.format_exc())
    if isinstance(ring.store, FileStore):
        shown += [path.read_text() for path in ring.store.folder.rglob("*.json")]
    for text in shown:
        assert secret.hex() not in text
        assert repr(secret)[2:-1] not in text
    with pytest.raises(TypeError):
        pickle.dumps(key)


def test_the_root_file_is_private(tmp_path):
    path = tmp_path / "root.key"
    FileRoot.create(path, PROVIDER)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(PolicyError):
        FileRoot.create(path, PROVIDER)
    for mode in (0o640, 0o604, 0o660):
        path.chmod(mode)
        with pytest.raises(PolicyError):
            FileRoot(path, PROVIDER)
    path.chmod(0o600)
    link = tmp_path / "link.key"
    link.symlink_to(path)
    with pytest.raises(PolicyError):
        read_private_file(link)
    open_folder = tmp_path / "open"
    open_folder.mkdir()
    open_folder.chmod(0o777)
    path.rename(open_folder / "root.key")
    with pytest.raises(PolicyError):
        FileRoot(open_folder / "root.key", PROVIDER)
    with pytest.raises(KeyMissing):
        FileRoot(path, PROVIDER)


def test_a_root_that_belongs_to_another_user(tmp_path, monkeypatch):
    path = tmp_path / "root.key"
    FileRoot.create(path, PROVIDER)
    monkeypatch.setattr("os.geteuid", lambda: 12345)
    with pytest.raises(PolicyError):
        FileRoot(path, PROVIDER)


def test_derived_keys_are_separate():
    secret = Secret(bytes(range(32)))
    seen = {
        derive.expand(secret, use, context, size).reveal()[:16]
        for use in (derive.MAC, derive.BLIND_INDEX)
        for context in (b"", b"a", b"ab")
        for size in (16, 32, 100)
    }
    assert len(seen) == 18
    assert derive.expand(secret, b"a", b"bc") != derive.expand(secret, b"ab", b"c")


def test_hkdf_against_cryptography():
    from cryptography.hazmat.primitives.hashes import SM3
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    info = b"\x00\x03mac\x00\x01x" + (80).to_bytes(2, "big")
    expected = HKDF(SM3(), 80, b"ctsp-keys/1", info).derive(b"k" * 20)
    assert derive.expand(Secret(b"k" * 20), b"mac", b"x", 80).reveal() == expected


def test_wrong_use(ring):
    with pytest.raises(PolicyError):
        ring.current("seal.sign")
    with pytest.raises(PolicyError):
        ring.signing_key("audit.mac")
    with pytest.raises(KeyMissing):
        ring.current("unknown")
    for bad in ("Übung", "../x", "a/b", ""):
        with pytest.raises(CryptoError):
            Lifecycle(ring).create_key(bad, "audit")
    with pytest.raises(VerificationFailed):
        dataclasses.replace(ring.store.records()[0], note="x").check_mac(ring.integrity)

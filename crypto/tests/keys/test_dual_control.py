"""Sharing, backup and ceremonies: two people can do it, one cannot, and it is written down."""

import itertools
import json
import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ctsp_crypto import CryptoError, PolicyError, Secret, VerificationFailed
from ctsp_crypto.keys import Ceremonies, FileRoot, FileStore, Keyring, MemoryStore, restore, sharing
from ctsp_crypto.keys.backup import Custodian, open_bundle
from ctsp_crypto.keys.protocol import text
from ctsp_crypto.providers.standard import StandardProvider

PROVIDER = StandardProvider()
PEOPLE = ["甲（示例）", "乙（示例）"]
FAST = 1000  # iterations


@pytest.fixture
def ceremonies(tmp_path):
    ring = Keyring(
        FileRoot.create(tmp_path / "root.key", PROVIDER),
        FileStore(tmp_path / "keys"),
        PROVIDER,
        now=lambda: datetime(2026, 11, 22, tzinfo=UTC),
    )
    found = Ceremonies(ring, tmp_path / "protocol.jsonl", PEOPLE)
    found.create(["audit", "person"])
    found.create_key("person.name", "person")
    return found


def custodians(count=3):
    return [Custodian(f"保管人{number}", Secret(f"口令口令口令{number}".encode())) for number in range(count)]


def test_any_two_of_three_and_no_single_one():
    generator = random.Random(5)
    for size in (1, 16, 33):
        secret = Secret(generator.randbytes(size))
        shares = sharing.split(secret, 2, 3, generator.randbytes)
        for chosen in itertools.permutations(shares, 2):
            assert sharing.join(chosen) == secret
        assert sharing.join(shares) == secret
    for threshold, count in ((3, 5), (5, 5), (16, 16)):
        secret = Secret(generator.randbytes(16))
        shares = sharing.split(secret, threshold, count, generator.randbytes)
        assert sharing.join(generator.sample(shares, threshold)) == secret
        assert sharing.join(shares[: threshold - 1]) != secret


def test_one_share_tells_nothing():
    """Whatever one share is, every secret is equally possible: over all random bytes, each value appears once."""
    for secret in (0, 1, 255):
        values = {
            sharing.split(Secret(bytes((secret,))), 2, 2, lambda _n, r=r: bytes((r,)))[0].value.reveal()
            for r in range(256)
        }
        assert len(values) == 256


def test_field_arithmetic():
    for a in range(1, 256):
        assert sharing._multiply(a, sharing._inverse(a)) == 1
    assert sharing._multiply(0x57, 0x83) == 0xC1  # FIPS 197 §4.2


def test_wrong_numbers_of_custodians():
    for threshold, count in ((1, 3), (0, 2), (4, 3), (2, 17)):
        with pytest.raises(PolicyError):
            sharing.split(Secret(b"x"), threshold, count, bytes)
    share = sharing.split(Secret(b"x"), 2, 2, bytes)[0]
    with pytest.raises(CryptoError):
        sharing.join([share, share])


def test_backup_and_restore(ceremonies, tmp_path):
    people = custodians()
    made, entry = ceremonies.backup(people, 2, FAST)
    assert entry["detail"]["恢复所需人数"] == 2
    secret = ceremonies.ring.current("person.name").secret
    for place, chosen in enumerate(itertools.combinations(people, 2)):
        folder = tmp_path / f"restored{place}"
        folder.mkdir()
        shares = [(made.shares[one.name], one.passphrase) for one in chosen]
        ring, _entry = restore(
            made.bundle, shares, FileStore(folder / "keys"), folder / "root.key", PROVIDER, folder / "p.jsonl", PEOPLE
        )
        assert ring.current("person.name").secret == secret
        with pytest.raises(PolicyError):
            restore(
                made.bundle, shares, FileStore(folder / "keys"), folder / "root2.key", PROVIDER, folder / "p", PEOPLE
            )


def test_what_is_not_enough(ceremonies):
    people = custodians()
    made, _entry = ceremonies.backup(people, 2, FAST)
    shares = [(made.shares[one.name], one.passphrase) for one in people]
    other, _entry = ceremonies.backup(people, 2, FAST)
    foreign = (other.shares[people[1].name], people[1].passphrase)
    wrong = (shares[1][0], Secret(b"another passphrase"))
    for bad in ([shares[0]], [], [shares[0], shares[0]], [shares[0], wrong], [shares[0], foreign]):
        with pytest.raises(CryptoError):
            open_bundle(PROVIDER, made.bundle, bad)


def test_every_part_of_bundle_and_share_counts(ceremonies):
    people = custodians(2)
    made, _entry = ceremonies.backup(people, 2, FAST)
    shares = [(made.shares[one.name], one.passphrase) for one in people]
    bundle = json.loads(made.bundle)
    for name, value in {
        "at": "2020",
        "threshold": 2.0,
        "custodians": ["x"],
        "id": "00",
        "sealed": "00" * 40,
        "root": {},
    }.items():
        with pytest.raises(CryptoError):
            open_bundle(PROVIDER, json.dumps({**bundle, name: value}).encode(), shares)
    share = json.loads(shares[0][0])
    for name, value in {
        "custodian": "x",
        "index": 2,
        "salt": "00" * 16,
        "iterations": 1001,
        "sealed": "00" * 44,
    }.items():
        with pytest.raises(CryptoError):
            open_bundle(PROVIDER, made.bundle, [(json.dumps({**share, name: value}).encode(), shares[0][1]), shares[1]])


def test_a_backup_shows_no_key(ceremonies):
    people = custodians()
    made, _entry = ceremonies.backup(people, 2, FAST)
    root = ceremonies.ring.root.reveal()[1].reveal().hex()
    for content in (made.bundle, *made.shares.values(), (ceremonies._path).read_bytes()):
        assert root.encode() not in content
        assert people[0].passphrase.reveal() not in content


@pytest.mark.parametrize(
    "change",
    [
        {"name": "保管人1"},
        {"passphrase": Secret(b"short")},
        {"name": " "},
        {"passphrase": Secret("口令口令口令1".encode())},
    ],
)
def test_custodians_are_different_people(ceremonies, change):
    people = custodians()
    people[0] = replace(people[0], **change)
    with pytest.raises(PolicyError):
        ceremonies.backup(people, 2, FAST)


def test_the_protocol_is_a_chain(ceremonies):
    ceremonies.rotate("domain/person", "年度轮换")
    ceremonies.rotate_root("年度轮换")
    ceremonies.rotate("data/person.name", "年度轮换")
    ceremonies.destroy("data/person.name", 1, "到期")
    ceremonies.verify()
    entries = ceremonies.protocol.entries()
    assert [entry["action"] for entry in entries] == [
        "create",
        "create_key",
        "rotate",
        "rotate_root",
        "rotate",
        "destroy",
        "verify",
    ]
    page = text(entries[5])
    assert "销毁密钥" in page
    assert "见证人：乙（示例）" in page
    good = ceremonies._path.read_bytes().splitlines(keepends=True)
    for at in range(len(good) - 1):
        for bad in (
            good[:at] + good[at + 1 :],
            [*good[:at], good[at + 1], good[at], *good[at + 2 :]],
            [*good[:at], good[at].replace("甲".encode(), "丙".encode()), *good[at + 1 :]],
        ):
            ceremonies._path.write_bytes(b"".join(bad))
            with pytest.raises(VerificationFailed):
                ceremonies.protocol.entries()
    ceremonies._path.write_bytes(b"".join(good))
    assert len(ceremonies.protocol.entries()) == len(good)


def test_destroying_needs_a_witness(ceremonies):
    alone = Ceremonies(ceremonies.ring, ceremonies._path, ["甲（示例）"])
    ceremonies.rotate("data/person.name", "轮换")
    with pytest.raises(PolicyError):
        alone.destroy("data/person.name", 1, "到期")
    with pytest.raises(PolicyError):
        Ceremonies(ceremonies.ring, ceremonies._path, [""])


def test_verify_names_what_is_wrong(ceremonies):
    record = ceremonies.ring.store.versions("data/person.name")[0]
    ceremonies.ring.store.save(replace(record, note="x"))
    ceremonies.ring.refresh()
    with pytest.raises(VerificationFailed, match=r"data/person\.name"):
        ceremonies.verify()


def test_a_memory_store_restores_too(ceremonies, tmp_path):
    people = custodians(2)
    made, _entry = ceremonies.backup(people, 2, FAST)
    shares = [(made.shares[one.name], one.passphrase) for one in people]
    ring, _entry = restore(
        made.bundle, shares, MemoryStore(), tmp_path / "r.key", PROVIDER, tmp_path / "p.jsonl", PEOPLE
    )
    assert ring.verify() == []

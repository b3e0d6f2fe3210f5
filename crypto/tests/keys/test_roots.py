"""The root key inside a device or a cloud service: the same scheme, and the key never comes out."""

import pytest

import soft_device
from ctsp_crypto import CryptoError, KeyHandle, KeyMissing, PolicyError, Secret
from ctsp_crypto.keys import HMAC_SM3, Ceremonies, Keyring, Lifecycle, MemoryStore, ProviderRoot, restore
from ctsp_crypto.keys.backup import Custodian
from ctsp_crypto.providers.standard import StandardProvider
from subjects import SUBJECTS

PROVIDER = StandardProvider()


@pytest.fixture(scope="module", params=["sdf", "cloud"])
def subject(request):
    found = SUBJECTS[request.param].start()
    yield found
    found.close()


def test_envelopes_below_a_module(subject, tmp_path):
    first, second = (subject.symmetric(bytes((number,)) * 16) for number in (1, 2))
    store = MemoryStore()
    ring = Keyring(ProviderRoot(subject.provider, {1: first}), store, PROVIDER)
    life = Lifecycle(ring)
    life.create_store()
    life.create_domain("audit")
    life.create_key("audit.mac", "audit", HMAC_SM3)
    secret = ring.current("audit.mac").secret
    assert Keyring(ProviderRoot(subject.provider, {1: first}), store, PROVIDER).current("audit.mac").secret == secret
    rotated = Keyring(ProviderRoot(subject.provider, {1: first, 2: second}), store, PROVIDER)
    assert Lifecycle(rotated).rewrap() == 2
    alone = Keyring(ProviderRoot(subject.provider, {2: second}), store, PROVIDER)
    assert alone.verify() == []
    if first.version == second.version and first.locator != second.locator:
        with pytest.raises(CryptoError):
            Keyring(ProviderRoot(subject.provider, {2: first}), store, PROVIDER).current("audit.mac")


def test_a_backup_needs_its_module(tmp_path):
    device = soft_device.provider()
    root = ProviderRoot(device, {1: soft_device.wrapped(b"r" * 16)})
    ring = Keyring(root, MemoryStore(), PROVIDER)
    found = Ceremonies(ring, tmp_path / "protocol.jsonl", ["甲（示例）"])
    found.lifecycle.create_store()
    people = [Custodian("甲", Secret(b"passphrase one")), Custodian("乙", Secret(b"passphrase two"))]
    from ctsp_crypto.keys import backup

    made = backup.make(ring, people, 2, ring.now(), 1000)
    shares = [(made.shares[one.name], one.passphrase) for one in people]
    with pytest.raises(PolicyError, match="module"):
        restore(made.bundle, shares, MemoryStore(), None, PROVIDER, None, ["甲"])
    opened = backup.open_bundle(PROVIDER, made.bundle, shares)
    assert opened.roots == {}
    device.close()


def test_no_handle_no_root():
    with pytest.raises(KeyMissing):
        ProviderRoot(PROVIDER, {})
    with pytest.raises(CryptoError):
        Keyring(ProviderRoot(PROVIDER, {1: KeyHandle("x")}), MemoryStore(), PROVIDER).current("x")

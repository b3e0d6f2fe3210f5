"""SM3 and HMAC-SM3."""
import hashlib
import hmac

import pytest

import vectors
from ctsp_crypto.errors import VerificationFailed

SIZES = (0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 1000, 1_000_003)


@pytest.fixture
def key(subject):
    return subject.symmetric(bytes(range(32)))


@pytest.mark.needs("Digester")
def test_digests_of_all_sizes(provider):
    messages = [bytes(index % 253 for index in range(size)) for size in SIZES]
    expected = [hashlib.new("sm3", message).digest() for message in messages]
    assert [provider.digest(message).value for message in messages] == expected
    assert [made.value for made in provider.digests(messages)] == expected
    assert provider.digest_stream(messages).value == hashlib.new("sm3", b"".join(messages)).digest()
    assert provider.digest_stream(()).value == expected[0]
    assert provider.digests([]) == []


@pytest.mark.needs("Macer")
def test_macs_of_all_sizes(provider, key):
    messages = [bytes(size) for size in SIZES]
    expected = [hmac.digest(bytes(range(32)), message, "sm3") for message in messages]
    assert [provider.mac(key, message).value for message in messages] == expected
    assert [made.value for made in provider.macs(key, messages)] == expected
    assert provider.macs(key, []) == []


@pytest.mark.needs("Macer")
def test_keys_of_several_sizes(subject, provider):
    for size in (16, 32, 64, 65, 200):
        made = provider.mac(subject.symmetric(b"k" * size), b"message").value
        assert made == hmac.digest(b"k" * size, b"message", "sm3")


@pytest.mark.needs("Macer")
def test_verification(provider, key):
    mac = provider.mac(key, b"row").value
    provider.verify_mac(key, b"row", mac)
    for index in range(len(mac)):
        changed = bytearray(mac)
        changed[index] ^= 1
        with pytest.raises(VerificationFailed):
            provider.verify_mac(key, b"row", bytes(changed))
    for message, value in ((b"row.", mac), (b"", mac), (b"row", mac[:-1]), (b"row", mac + b"\0"), (b"row", b"")):
        with pytest.raises(VerificationFailed):
            provider.verify_mac(key, message, value)


@pytest.mark.needs("Macer")
def test_another_key(subject, provider, key):
    with pytest.raises(VerificationFailed):
        provider.verify_mac(subject.symmetric(vectors.SM4_KEY), b"row", provider.mac(key, b"row").value)


@pytest.mark.needs("Macer")
def test_verification_of_many(provider, key):
    messages = [b"row %d" % number for number in range(50)]
    pairs = [(message, made.value) for message, made in zip(messages, provider.macs(key, messages))]
    pairs[3], pairs[40] = (b"changed", pairs[3][1]), (pairs[40][0], b"")
    assert provider.verify_macs(key, pairs) == [index not in (3, 40) for index in range(50)]
    assert provider.verify_macs(key, []) == []

"""SM2 encryption: what was changed is not decrypted."""
import hashlib

import pytest

import vectors
from ctsp_crypto.encodings import ciphertexts
from ctsp_crypto.errors import DecryptionFailed, EncodingError
from ctsp_crypto.providers import reference
from ctsp_crypto.providers.standard import agreement

PLAINTEXT = b"0123456789abcdef"


@pytest.mark.needs("PublicKeyCipher")
def test_round_trip(subject, provider):
    for size in (1, 2, 15, 16, 31, 32, 33, 64, 255, 256, 1000, 65_535):
        plaintext = bytes(index % 251 for index in range(size))
        sealed = provider.encrypt_to(subject.public(), plaintext).value
        assert plaintext not in sealed or size < 4
        assert provider.decrypt_with(subject.private(), sealed) == plaintext


@pytest.mark.needs("PublicKeyCipher")
@pytest.mark.parametrize("plaintext", [b"", bytes(65_536)])
def test_sizes_that_are_refused(subject, provider, plaintext):
    with pytest.raises(EncodingError):
        provider.encrypt_to(subject.public(), plaintext)


@pytest.mark.needs("PublicKeyCipher")
def test_every_byte_counts(subject, provider):
    """C1, C3 and C2 alike; gmssl 3.2.2 returns a changed C2 as plaintext."""
    sealed = provider.encrypt_to(subject.public(), PLAINTEXT).value
    for index in range(len(sealed)):
        for bit in (0x01, 0x80):
            changed = bytearray(sealed)
            changed[index] ^= bit
            with pytest.raises(DecryptionFailed):
                provider.decrypt_with(subject.private(), bytes(changed))


@pytest.mark.needs("PublicKeyCipher")
def test_truncated_extended_and_empty(subject, provider):
    sealed = provider.encrypt_to(subject.public(), PLAINTEXT).value
    for bad in (b"", sealed[:-1], sealed[1:], sealed + b"\0", sealed[:65], sealed[:96], sealed[:97], b"\x04" * 200):
        with pytest.raises(DecryptionFailed):
            provider.decrypt_with(subject.private(), bad)


@pytest.mark.needs("PublicKeyCipher")
def test_a_point_off_the_curve(subject, provider):
    """Small-subgroup points would give the private key away bit by bit."""
    bad = b"\x04" + bytes(31) + b"\x01" + bytes(31) + b"\x01" + bytes(32) + PLAINTEXT
    with pytest.raises(DecryptionFailed):
        provider.decrypt_with(subject.private(), bad)


@pytest.mark.needs("PublicKeyCipher")
def test_one_byte_is_never_in_clear(subject, provider):
    """A KDF output of zeros is drawn anew: 1 in 256 would otherwise show the byte."""
    sealed = {provider.encrypt_to(subject.public(), b"A").value for _ in range(200)}
    assert len(sealed) == 200
    assert all(subject.clear_form(value)[ciphertexts.C2_START:] != b"A" for value in sealed)


@pytest.fixture(scope="module")
def in_clear():
    """A sender that does not draw anew: one byte whose mask happens to be zero, C3 and all else correct."""
    for k in range(1, 10_000):
        shared = reference.to_octets(reference.multiply(k, reference.from_octets(vectors.SM2_POINT)))[1:]
        if agreement.kdf(shared, 1) == b"\0":
            check = hashlib.new("sm3", shared[:32] + b"A" + shared[32:]).digest()
            return reference.to_octets(reference.multiply(k, reference.GENERATOR)) + check + b"A"
    raise AssertionError("no such k")


@pytest.mark.needs("PublicKeyCipher")
def test_a_mask_of_zeros_is_refused(subject, provider, in_clear):
    """GB/T 32918.4 §7.1 B4: an error, though everything else holds."""
    with pytest.raises(DecryptionFailed):
        provider.decrypt_with(subject.private(), subject.ciphertext(in_clear))


@pytest.mark.needs("PublicKeyCipher")
def test_another_key(subject, provider):
    sealed = provider.encrypt_to(subject.public(), PLAINTEXT).value
    with pytest.raises(DecryptionFailed):
        provider.decrypt_with(subject.private(vectors.AGREE_D[0]), sealed)

"""SM4: whatever belongs to a GCM value is held together by its tag."""
import pytest

import vectors
from ctsp_crypto import algorithms
from ctsp_crypto.errors import DecryptionFailed, EncodingError, PolicyError

AAD, PLAINTEXT = b"ctsp.person|mobile|uuid", "13800138000 示例".encode()


@pytest.fixture
def key(subject):
    return subject.symmetric(vectors.SM4_KEY)


@pytest.mark.needs("Cipher")
@pytest.mark.parametrize("algorithm", algorithms.CIPHERS)
def test_round_trip(provider, key, algorithm):
    for size in (0, 1, 15, 16, 17, 255, 4096, 1_000_003):
        plaintext = bytes(index % 251 for index in range(size))
        sealed = provider.encrypt(key, plaintext, algorithm=algorithm).value
        assert provider.decrypt(key, sealed, algorithm=algorithm) == plaintext


@pytest.mark.needs("Cipher")
@pytest.mark.parametrize("algorithm, overhead", [("SM4-GCM", 28), ("SM4-CTR", 16), ("SM4-CBC", 32)])
def test_sizes(provider, key, algorithm, overhead):
    assert len(provider.encrypt(key, bytes(32), algorithm=algorithm).value) == 32 + overhead


@pytest.mark.needs("Cipher")
@pytest.mark.parametrize("algorithm", algorithms.CIPHERS)
def test_a_fresh_iv_every_time(provider, key, algorithm):
    assert len({provider.encrypt(key, b"same", algorithm=algorithm).value[:12] for _ in range(50)}) == 50


@pytest.mark.needs("Cipher")
def test_every_byte_of_gcm_counts(provider, key):
    sealed = provider.encrypt(key, PLAINTEXT, aad=AAD).value
    for index in range(len(sealed)):
        changed = bytearray(sealed)
        changed[index] ^= 0x40
        with pytest.raises(DecryptionFailed):
            provider.decrypt(key, bytes(changed), aad=AAD)


@pytest.mark.needs("Cipher")
def test_gcm_belongs_to_its_place(provider, key):
    """Swapping ciphertexts between rows or fields is noticed."""
    sealed = provider.encrypt(key, PLAINTEXT, aad=AAD).value
    assert provider.decrypt(key, sealed, aad=AAD) == PLAINTEXT
    for other in (b"", AAD[:-1], AAD + b"\0", AAD.upper()):
        with pytest.raises(DecryptionFailed):
            provider.decrypt(key, sealed, aad=other)
    bare = provider.encrypt(key, PLAINTEXT).value
    with pytest.raises(DecryptionFailed):
        provider.decrypt(key, bare, aad=b"\0")


@pytest.mark.needs("Cipher")
def test_truncated_gcm(provider, key):
    """A shortened tag must not be accepted as a short tag."""
    sealed = provider.encrypt(key, PLAINTEXT, aad=AAD).value
    for size in range(len(sealed)):
        with pytest.raises(DecryptionFailed):
            provider.decrypt(key, sealed[:size], aad=AAD)
    with pytest.raises(DecryptionFailed):
        provider.decrypt(key, sealed + b"\0", aad=AAD)


@pytest.mark.needs("Cipher")
def test_another_key(subject, provider, key):
    sealed = provider.encrypt(key, PLAINTEXT, aad=AAD).value
    with pytest.raises(DecryptionFailed):
        provider.decrypt(subject.symmetric(vectors.SM4_KEY[::-1]), sealed, aad=AAD)


@pytest.mark.needs("Cipher")
def test_cbc_padding(provider, key):
    sealed = provider.encrypt(key, bytes(16), algorithm="SM4-CBC").value
    for bad in (sealed[:-16], sealed[:-1], sealed[:16], b"", sealed[:15]):
        with pytest.raises(DecryptionFailed):
            provider.decrypt(key, bad, algorithm="SM4-CBC")


@pytest.mark.needs("Cipher")
def test_wrong_use(provider, key):
    for algorithm in ("SM4-CBC", "SM4-CTR"):
        with pytest.raises(EncodingError):
            provider.encrypt(key, b"a", aad=b"b", algorithm=algorithm)
        with pytest.raises(EncodingError):
            provider.encrypt(key, b"a", iv=bytes(12), algorithm=algorithm)
    with pytest.raises(EncodingError):
        provider.encrypt(key, b"a", iv=bytes(16))
    for algorithm in ("SM4-ECB", "AES-GCM", "", "sm4-gcm"):
        with pytest.raises(PolicyError):
            provider.encrypt(key, b"a", algorithm=algorithm)
        with pytest.raises(PolicyError):
            provider.decrypt(key, bytes(64), algorithm=algorithm)


@pytest.mark.needs("Cipher")
@pytest.mark.parametrize("algorithm", algorithms.CIPHERS)
def test_many_equal_one_by_one(provider, key, algorithm):
    gcm = algorithm == algorithms.SM4_GCM
    items = [(bytes((number,)) * number, b"row %d" % number if gcm else b"") for number in range(40)]
    sealed = provider.encrypt_many(key, items, algorithm=algorithm)
    for (plaintext, aad), made in zip(items, sealed):
        assert provider.decrypt(key, made.value, aad=aad, algorithm=algorithm) == plaintext
    values = [(made.value, aad) for made, (_plaintext, aad) in zip(sealed, items)]
    assert provider.decrypt_many(key, values, algorithm=algorithm) == [plaintext for plaintext, _aad in items]
    assert provider.encrypt_many(key, []) == []
    assert provider.decrypt_many(key, []) == []


@pytest.mark.needs("Cipher")
def test_one_bad_value_spoils_the_batch(provider, key):
    values = [(made.value, b"") for made in provider.encrypt_many(key, [(b"a", b""), (b"b", b"")])]
    with pytest.raises(DecryptionFailed):
        provider.decrypt_many(key, [values[0], (values[1][0][:-1], b"")])

"""Implementations that have nothing in common read each other: libcrypto, plain Python, gmssl."""
import itertools

import pytest
from gmssl import sm3, sm4
from gmssl.sm2 import CryptSM2

import vectors
from ctsp_crypto import PrivateKey, Secret, SymmetricKey, sm2
from ctsp_crypto.encodings.ciphertexts import Form
from ctsp_crypto.errors import DecryptionFailed, PolicyError
from ctsp_crypto.providers import compatible
from ctsp_crypto.providers.compatible import CompatibleProvider
from ctsp_crypto.providers.reference import ReferenceProvider
from ctsp_crypto.providers.standard import StandardProvider

STANDARD, REFERENCE = StandardProvider(), ReferenceProvider()
PAIRS = list(itertools.permutations((STANDARD, REFERENCE), 2))
MESSAGES = [b"", b"a", bytes(range(256))]


@pytest.fixture(params=range(3))
def pair(request):
    return STANDARD.generate_key_pair() if request.param else PrivateKey(Secret(vectors.SM2_D), None)


@pytest.mark.parametrize("writer, reader", PAIRS)
def test_sm2(writer, reader, pair):
    public = reader.public_key(pair)
    assert writer.public_key(pair) == public
    for message in MESSAGES:
        reader.verify(public, message, writer.sign(pair, message, user_id=b"x").value, user_id=b"x")
        if message:
            assert reader.decrypt_with(pair, writer.encrypt_to(public, message).value) == message


@pytest.mark.parametrize("writer, reader", PAIRS)
def test_key_exchange(writer, reader):
    a, b, ra, rb = (writer.generate_key_pair() for _ in range(4))
    ours = writer.agree(a, ra, b.public, rb.public, initiator=True, size=48)
    theirs = reader.agree(b, rb, a.public, ra.public, initiator=False, size=48)
    assert (ours.secret, ours.confirmation) == (theirs.secret, theirs.expected)


def test_the_standards_own_nonce(public_key):
    """With the printed k the printed values come out, to the last byte."""
    provider = ReferenceProvider(draw=lambda: vectors.SM2_K)
    private = PrivateKey(Secret(vectors.SM2_D))
    assert provider.sign(private, vectors.SM2_MESSAGE).value == vectors.SM2_SIGNATURE
    assert provider.encrypt_to(public_key, vectors.SM2_PLAINTEXT).value == vectors.SM2_CIPHERTEXT


def test_nonces_that_give_nothing_are_drawn_again(public_key):
    """r + k = n would show d: the next k is taken."""
    private = PrivateKey(Secret(vectors.SM2_D))
    # e chosen so that e + x1 + k = 0 mod n for the printed k
    x1 = int("04ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73", 16)
    e = (-x1 - vectors.SM2_K) % sm2.N
    draws = iter([vectors.SM2_K, 12345])
    made = ReferenceProvider(draw=lambda: next(draws)).sign_digest(private, e.to_bytes(32, "big"))
    STANDARD.verify_digest(public_key, e.to_bytes(32, "big"), made.value)
    assert next(draws, None) is None


@pytest.mark.parametrize("size", [0, 1, 55, 56, 63, 64, 65, 500])
def test_sm3_and_gmssl(size):
    message = bytes(index % 251 for index in range(size))
    assert STANDARD.digest(message).value.hex() == sm3.sm3_hash(list(message))


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 100])
def test_sm4_and_gmssl(size):
    message, iv = bytes(range(size)), bytes(range(16))
    engine = sm4.CryptSM4()
    engine.set_key(vectors.SM4_KEY, sm4.SM4_ENCRYPT)
    key = SymmetricKey(Secret(vectors.SM4_KEY))
    theirs = engine.crypt_cbc(iv, message)
    assert STANDARD.encrypt(key, message, iv=iv, algorithm="SM4-CBC").value == iv + theirs
    assert STANDARD.decrypt(key, iv + theirs, algorithm="SM4-CBC") == message


@pytest.mark.parametrize("form", [Form.BARE_C1C2C3, Form.BARE_C1C3C2])
@pytest.mark.parametrize("asn1", [False, True])
def test_gmssl_and_we(form, asn1, pair):
    ours = CompatibleProvider(form, asn1)
    public = STANDARD.public_key(pair)
    theirs = compatible.partner(public, pair, form, asn1)
    assert theirs.decrypt(ours.encrypt_to(public, b"to gmssl").value) == b"to gmssl"
    assert ours.decrypt_with(pair, theirs.encrypt(b"from gmssl")) == b"from gmssl"
    assert theirs.verify_with_sm3(ours.sign(pair, b"to gmssl").value.hex(), b"to gmssl")
    ours.verify(public, b"from gmssl", bytes.fromhex(theirs.sign_with_sm3(b"from gmssl")))


def test_without_za():
    """`sign(sm3(data))` of gmssl is a signature over a bare digest."""
    ours, private, public = CompatibleProvider(), PrivateKey(Secret(vectors.SM2_D)), None
    public = STANDARD.public_key(private)
    digest = STANDARD.digest(b"data").value
    ours.verify_digest(public, digest, bytes.fromhex(compatible.partner(public, private).sign(digest, "12345")))


def test_defects_of_gmssl_stay_there(public_key):
    """They are still in the version we pin, and none of them comes through."""
    private = PrivateKey(Secret(vectors.SM2_D))
    spoiled = CryptSM2(vectors.SM2_D.hex(), vectors.SM2_POINT.hex())
    assert len(spoiled.public_key) < 128, "gmssl no longer cuts zeros: the work-around may go"
    changed = bytearray(CompatibleProvider().encrypt_to(public_key, b"plain text").value)
    changed[70] ^= 1
    assert compatible.partner(public_key, private).decrypt(bytes(changed)) != b"plain text", "no C3 check there"
    with pytest.raises(DecryptionFailed):
        CompatibleProvider().decrypt_with(private, bytes(changed))


def test_randomness_is_not_gmssls(monkeypatch, public_key):
    """With `random` frozen, gmssl repeats itself; we do not even call it."""
    from gmssl import func

    def frozen(_sequence):
        raise AssertionError("gmssl's random source was used")

    monkeypatch.setattr(func, "choice", frozen)
    provider, private = CompatibleProvider(), PrivateKey(Secret(vectors.SM2_D))
    assert provider.health().ready
    assert provider.encrypt_to(public_key, b"a").value != provider.encrypt_to(public_key, b"a").value
    assert provider.sign(private, b"a").value != provider.sign(private, b"a").value


def test_gmssl_knows_one_identity(public_key):
    private = PrivateKey(Secret(vectors.SM2_D))
    with pytest.raises(PolicyError):
        CompatibleProvider().sign(private, b"a", user_id=b"other")
    with pytest.raises(PolicyError):
        CompatibleProvider().verify(public_key, b"a", bytes(64), user_id=b"other")


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("asn1", [False, True])
def test_health(form, asn1):
    assert CompatibleProvider(form, asn1).health().ready


def test_health_without_gmssl(monkeypatch):
    import sys
    monkeypatch.setitem(sys.modules, "gmssl.sm2", None)
    health = CompatibleProvider().health()
    assert (health.ready, health.detail) == (False, "gmssl is not installed")

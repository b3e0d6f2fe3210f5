"""What is special about devices: sessions, access rights, error codes, keys that stay inside, answers that lie."""
import os
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import soft_device
import vectors
from ctsp_crypto import KeyHandle, PrivateKey, Secret, SymmetricKey
from ctsp_crypto.encodings import ciphertexts
from ctsp_crypto.errors import (
    CryptoError,
    DecryptionFailed,
    KeyMissing,
    PolicyError,
    ProviderRefused,
    ProviderUnavailable,
    VerificationFailed,
)
from ctsp_crypto.providers.sdf import Options, SdfProvider, codes
from ctsp_crypto.providers.sdf.device import CACHED_KEYS
from ctsp_crypto.providers.standard import StandardProvider

PAIR = KeyHandle("pair:50")
STANDARD = StandardProvider()


@pytest.fixture
def control():
    library = soft_device.control()
    library.SOFTSDF_Pair(50, vectors.SM2_D)
    library.SOFTSDF_Pair(soft_device.PIN_INDEX, vectors.SM2_D)
    yield library
    library.SOFTSDF_Fail(0, 0)
    library.SOFTSDF_Lie(0)
    library.SOFTSDF_Limit(64)


@pytest.fixture
def provider(control):
    made = soft_device.provider()
    yield made
    made.close()


@pytest.fixture
def key():
    return soft_device.wrapped(vectors.SM4_KEY)


def test_health(provider):
    health = provider.health()
    assert health.ready
    assert health.detail == "CTSP softsdf 2026010100100001"
    assert provider.device_info()["standard"] == 2


def test_no_library(tmp_path):
    with pytest.raises(ProviderUnavailable):
        SdfProvider(tmp_path / "missing.so")


def test_a_library_that_is_none():
    """libcrypto has no SDF function at all."""
    provider = SdfProvider("libcrypto.so.3")
    assert not provider.health().ready
    with pytest.raises(PolicyError):
        provider.random(1)


# Keys
def test_software_and_device_read_each_other(provider, key):
    clear, public = SymmetricKey(Secret(vectors.SM4_KEY)), provider.public_key(PAIR)
    assert public.point == vectors.SM2_POINT
    for algorithm in ("SM4-GCM", "SM4-CBC", "SM4-CTR"):
        text, how = bytes(100_001), {"algorithm": algorithm}
        assert STANDARD.decrypt(clear, provider.encrypt(key, text, **how).value, **how) == text
        assert provider.decrypt(key, STANDARD.encrypt(clear, text, **how).value, **how) == text
    STANDARD.verify(public, b"a", provider.sign(PAIR, b"a", user_id=b"me").value, user_id=b"me")
    provider.verify(PAIR, b"a", STANDARD.sign(PrivateKey(Secret(vectors.SM2_D)), b"a").value)
    assert provider.decrypt_with(PAIR, STANDARD.encrypt_to(public, b"secret").value) == b"secret"
    assert provider.decrypt_with(PAIR, provider.encrypt_to(PAIR, b"secret").value) == b"secret"


def test_keys_in_clear_are_not_taken(provider):
    for use in (
        lambda: provider.mac(SymmetricKey(Secret(bytes(32))), b"a"),
        lambda: provider.encrypt(SymmetricKey(Secret(bytes(16))), b"a"),
        lambda: provider.sign(PrivateKey(Secret(vectors.SM2_D)), b"a"),
        lambda: provider.decrypt_with(PrivateKey(Secret(vectors.SM2_D)), vectors.SM2_CIPHERTEXT),
    ):
        with pytest.raises(PolicyError):
            use()


@pytest.mark.parametrize("make", [
    lambda provider, *about: provider.generate_wrapped_key(soft_device.KEK, *about),
    lambda provider, *about: provider.generate_enveloped_key(50, *about)])
def test_a_key_made_inside(provider, make):
    """It comes out wrapped only, works again later, and with another provider."""
    handle = make(provider, "audit", 2)
    sealed = provider.encrypt(handle, b"text")
    assert (sealed.key_id, sealed.key_version) == ("audit", 2)
    later = soft_device.provider()
    assert later.decrypt(KeyHandle(handle.locator), sealed.value) == b"text"
    later.close()
    assert make(provider).locator != handle.locator


def test_a_key_in_an_envelope(provider):
    """As a key management system sends one: under the public key of the device."""
    wrapped = STANDARD.encrypt_to(provider.public_key(PAIR, "encrypt"), vectors.SM4_KEY).value
    handle = KeyHandle(f"envelope:50:{wrapped.hex()}")
    value = vectors.GCM_NONCE + vectors.GCM_CIPHERTEXT + vectors.GCM_TAG
    assert provider.decrypt(handle, value, aad=vectors.GCM_AAD) == vectors.GCM_PLAINTEXT


@pytest.mark.parametrize("locator", ["", "pair:", "pair:x", "pair:-1", "kek:1", "7", "sign:50", "pair:51:00"])
def test_locators_of_no_pair(provider, locator):
    with pytest.raises(KeyMissing):
        provider.sign(KeyHandle(locator), b"a")


@pytest.mark.parametrize("locator", ["", "kek", "kek:x:00", "pair:50", "kek:9:" + "00" * 16, "file:1:00"])
def test_locators_of_no_wrapped_key(provider, locator):
    with pytest.raises(KeyMissing):
        provider.encrypt(KeyHandle(locator), b"a")


def test_a_pair_that_is_not_there(provider):
    missing = KeyHandle("pair:3000")
    for use in (lambda: provider.sign(missing, b"a"), lambda: provider.public_key(missing),
                lambda: provider.decrypt_with(missing, vectors.SM2_CIPHERTEXT)):
        with pytest.raises(KeyMissing):
            use()


def test_verification_inside(provider):
    """With a handle the device verifies with its own copy of the key; a foreign key is handed along."""
    made = provider.sign(PAIR, b"a").value
    for key in (PAIR, provider.public_key(PAIR)):
        provider.verify(key, b"a", made)
        with pytest.raises(VerificationFailed):
            provider.verify(key, b"b", made)
    with pytest.raises(KeyMissing):
        provider.verify(KeyHandle("pair:3000"), b"a", made)


def test_session_keys_are_released(provider, control, key):
    """No more than the cache holds, and none after closing."""
    keys, sessions = control.SOFTSDF_Keys(), control.SOFTSDF_Sessions()
    for number in range(CACHED_KEYS + 20):
        handle = soft_device.wrapped(number.to_bytes(16, "big"))
        assert provider.decrypt(handle, provider.encrypt(handle, b"a").value) == b"a"
    assert control.SOFTSDF_Keys() - keys == CACHED_KEYS
    provider.close()
    assert (control.SOFTSDF_Keys(), control.SOFTSDF_Sessions()) == (keys, sessions)
    assert provider.encrypt(key, b"opened anew")


# Access rights
def test_access_code(control):
    pair = KeyHandle(f"pair:{soft_device.PIN_INDEX}")
    right = soft_device.provider()
    right.verify(pair, b"a", right.sign(pair, b"a").value)
    assert right.decrypt_with(pair, vectors.SM2_CIPHERTEXT) == vectors.SM2_PLAINTEXT
    right.close()
    for pins in ({}, {soft_device.PIN_INDEX: Secret(b"wrong-code")}):
        wrong = soft_device.provider(pins=pins)
        with pytest.raises(ProviderRefused) as caught:
            wrong.sign(pair, b"a")
        assert "wrong-code" not in str(caught.value)
        assert caught.value.code in (codes.BASE + 0x07, codes.BASE + 0x18)
        wrong.close()


def test_options_show_no_access_code():
    assert soft_device.PIN.decode() not in repr(soft_device.options())


# Error codes
@pytest.mark.parametrize("code, kind", [
    (0x01000003, ProviderUnavailable), (0x01000004, ProviderUnavailable), (0x01000006, ProviderUnavailable),
    (0x01000008, KeyMissing), (0x01000002, PolicyError), (0x01000009, PolicyError), (0x0100000A, PolicyError),
    (0x01000007, ProviderRefused), (0x0100000D, ProviderRefused), (0x02000001, ProviderRefused), (5, ProviderRefused),
])
def test_error_codes(provider, control, code, kind):
    provider.random(1)
    control.SOFTSDF_Fail(code, 0)
    with pytest.raises(CryptoError) as caught:
        provider.random(16)
    assert type(caught.value) is kind
    assert "SDF_GenerateRandom" in str(caught.value)
    assert getattr(caught.value, "code", code) == code
    assert len(provider.random(16)) == 16, "and the next call works"


def test_what_a_code_means_depends_on_the_question(provider, control, key):
    sealed = provider.encrypt(key, b"a").value
    for code in (0x0100000F, 0x01000016, 0x01000019):
        control.SOFTSDF_Fail(code, 0)
        with pytest.raises(DecryptionFailed):
            provider.decrypt(key, sealed)
    public, signature = provider.public_key(PAIR), provider.sign(PAIR, b"a").value
    for code in (0x0100000B, 0x0100000E):
        control.SOFTSDF_Fail(code, 3)
        with pytest.raises(VerificationFailed):
            provider.verify(public, b"a", signature)
    control.SOFTSDF_Fail(0x01000010, 3)
    with pytest.raises(ProviderRefused):
        provider.verify(public, b"a", signature)


def test_a_device_that_went_away_is_opened_anew(provider, control):
    provider.random(1)
    before = control.SOFTSDF_Devices(1)
    control.SOFTSDF_Fail(0x01000003, 0)
    with pytest.raises(ProviderUnavailable):
        provider.random(1)
    assert control.SOFTSDF_Devices(1) == before + 1
    assert provider.health().ready


def test_health_of_a_device_that_does_not_answer(provider, control):
    provider.random(1)
    control.SOFTSDF_Fail(0x01000004, 0)
    health = provider.health()
    assert (health.ready, health.detail) == (False, "SDF_GetDeviceInfo: SDR_HARDFAIL")


# Sessions
def test_one_thread_per_session(control, key):
    """The device notes every session that two threads use at once."""
    provider = soft_device.provider(sessions=3)
    before, others = control.SOFTSDF_Overlaps(), control.SOFTSDF_Sessions()

    def work(number):
        for turn in range(30):
            text = b"%d %d" % (number, turn)
            assert provider.decrypt(key, provider.encrypt(key, text).value) == text
        return control.SOFTSDF_Sessions()

    with ThreadPoolExecutor(8) as pool:
        assert max(pool.map(work, range(8))) - others <= 3
    assert control.SOFTSDF_Overlaps() == before
    provider.close()


def test_waiting_for_a_session_ends(control):
    provider = soft_device.provider(sessions=1, wait=0.05)
    with provider._device.session():
        started = time.monotonic()
        with pytest.raises(ProviderUnavailable):
            provider.random(1)
        assert time.monotonic() - started > 0.04
    assert provider.random(1)
    provider.close()


def test_a_waiting_thread_gets_the_session(control):
    provider = soft_device.provider(sessions=1, wait=60)
    with ThreadPoolExecutor(1) as pool:
        with provider._device.session():
            waiting = pool.submit(provider.random, 8)
            time.sleep(0.02)
        assert len(waiting.result(timeout=60)) == 8
    provider.close()


def test_a_device_with_fewer_sessions_than_we_want(control):
    """OPENSESSION is temporary, and the places of the failed attempts are given back."""
    provider = soft_device.provider(sessions=4)
    control.SOFTSDF_Limit(control.SOFTSDF_Sessions() + 1)
    with provider._device.session():
        for _ in range(6):
            with pytest.raises(ProviderUnavailable):
                provider.random(1)
    assert provider.random(1)
    provider.close()


def test_fork_while_a_session_is_lent(provider):
    """The child starts afresh: the parent's sessions, locks and device are not its own."""
    with provider._device.session():
        child = os.fork()
        if not child:
            code = 1
            try:
                code = 0 if len(provider.random(4)) == 4 else 2
            finally:
                os._exit(code)
        assert os.waitpid(child, 0)[1] == 0
    assert provider.random(4)


# MAC of devices without HMAC
def test_block_mac(control, key):
    provider = soft_device.provider(mac="SM4-MAC", block=32)
    made = provider.mac(key, b"message")
    assert (made.algorithm, len(made.value)) == ("SM4-MAC", 16)
    data = (56).to_bytes(16, "big") + b"message" + bytes(9)
    clear = SymmetricKey(Secret(vectors.SM4_KEY))
    assert made.value == STANDARD.encrypt(clear, data, algorithm="SM4-CBC", iv=bytes(16)).value[32:48]
    whole = soft_device.provider(mac="SM4-MAC")
    messages = [bytes(size) for size in (0, 1, 15, 16, 17, 31, 32, 33, 200)]
    macs = [made.value for made in provider.macs(key, messages)]
    assert len(set(macs)) == len(messages), "messages of zeros differ by their length"
    assert macs == [made.value for made in whole.macs(key, messages)], "pieces or not"
    assert whole.verify_macs(key, list(zip(messages, macs))) == [True] * len(messages)
    for one in (provider, whole):
        one.close()


def test_an_unknown_mac(control, key):
    provider = soft_device.provider(mac="MD5")
    with pytest.raises(PolicyError):
        provider.mac(key, b"a")
    provider.close()


def test_small_pieces(control, key):
    """Whatever the size of the pieces, the result is the same."""
    small, large = soft_device.provider(block=16), soft_device.provider(block=65_536)
    text, iv = bytes(index % 251 for index in range(1000)), b"\xff" * 15 + b"\xfe"
    for algorithm in ("SM4-CBC", "SM4-CTR"):
        sealed = small.encrypt(key, text, algorithm=algorithm, iv=iv).value
        assert sealed == large.encrypt(key, text, algorithm=algorithm, iv=iv).value
        assert small.decrypt(key, sealed, algorithm=algorithm) == text
    assert small.digest(text).value == large.digest(text).value == STANDARD.digest(text).value
    assert len(small.random(100)) == 100
    for one in (small, large):
        one.close()
    with pytest.raises(PolicyError):
        soft_device.provider(block=100)


# Answers that are not true
@pytest.mark.parametrize("lie, use", [
    (1, lambda provider, key: provider.public_key(PAIR)),
    (2, lambda provider, key: provider.sign(PAIR, b"a")),
    (3, lambda provider, key: provider.encrypt_to(PAIR, b"a")),
    (4, lambda provider, key: provider.encrypt(key, bytes(16), algorithm="SM4-CTR")),
    (5, lambda provider, key: provider.encrypt(key, b"a")),
])
def test_lies(provider, control, key, lie, use):
    use(provider, key)
    control.SOFTSDF_Lie(lie)
    with pytest.raises(ProviderRefused):
        use(provider, key)


def test_decryption_inside_is_the_vendors_extra(control):
    """Without it configured, a device of the bare standard decrypts nothing with an inner key."""
    provider = soft_device.provider(internal_decrypt="")
    with pytest.raises(PolicyError):
        provider.decrypt_with(PAIR, vectors.SM2_CIPHERTEXT)
    provider.close()


def test_forms_of_the_blobs(provider):
    """64 bytes per number by the standard, 32 with devices for 256 bits only; C1, C3, length, C2."""
    from ctsp_crypto.providers.sdf.blobs import Layout
    for width in (64, 32):
        layout = Layout(width)
        blob = layout.cipher(vectors.SM2_CIPHERTEXT)
        assert len(blob) == layout.cipher_size(len(vectors.SM2_PLAINTEXT))
        assert layout.ciphertext(blob + b"more") == vectors.SM2_CIPHERTEXT
        assert blob[2 * width:2 * width + 32] == vectors.SM2_CIPHERTEXT[65:ciphertexts.C2_START]
        assert layout.point(layout.public(vectors.SM2_POINT)) == vectors.SM2_POINT
        assert layout.raw_signature(layout.signature(vectors.SM2_SIGNATURE)) == vectors.SM2_SIGNATURE
        assert len(layout.public(vectors.SM2_POINT)) == 4 + 2 * width


def test_defaults():
    assert Options().mac == "HMAC-SM3"
    assert not Options().pins

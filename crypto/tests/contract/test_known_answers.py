"""The vectors printed in the standards."""
import pytest

import vectors
from ctsp_crypto import algorithms, sm2
from ctsp_crypto.errors import VerificationFailed


@pytest.mark.needs("Digester")
@pytest.mark.parametrize("message, expected", vectors.SM3)
def test_sm3(provider, message, expected):
    assert provider.digest(message).value.hex() == expected
    assert provider.digest_stream(bytes((byte,)) for byte in message).value.hex() == expected


@pytest.mark.needs("Macer")
@pytest.mark.parametrize("key, message, expected", vectors.HMAC_SM3)
def test_hmac_sm3(subject, provider, key, message, expected):
    assert provider.mac(subject.symmetric(key), message).value.hex() == expected


@pytest.mark.needs("Cipher")
def test_sm4_block(subject, provider):
    """CBC over a zero IV begins with the bare block cipher."""
    key = subject.symmetric(vectors.SM4_KEY)
    value = provider.encrypt(key, vectors.SM4_KEY, algorithm=algorithms.SM4_CBC, iv=bytes(16)).value
    assert value[:16] == bytes(16)
    assert value[16:32].hex() == vectors.SM4_BLOCK


@pytest.mark.needs("Cipher")
def test_sm4_a_million_times(subject, provider):
    """CBC over zeros feeds each block's result to the next: block n is the plaintext encrypted n times."""
    key = subject.symmetric(vectors.SM4_KEY)
    value = provider.encrypt(key, bytes(16_000_000), algorithm=algorithms.SM4_CBC, iv=vectors.SM4_KEY).value
    assert value[16:32].hex() == vectors.SM4_BLOCK
    assert value[16_000_000:16_000_016].hex() == vectors.SM4_MILLION


@pytest.mark.needs("Cipher")
def test_sm4_ctr(subject, provider):
    """The key stream is the encrypted counter, which goes up by one."""
    key = subject.symmetric(vectors.SM4_KEY)
    stream = provider.encrypt(key, bytes(33), algorithm=algorithms.SM4_CTR, iv=b"\xff" * 16).value[16:]
    blocks = [
        provider.encrypt(key, block, algorithm=algorithms.SM4_CBC, iv=bytes(16)).value[16:32]
        for block in (b"\xff" * 16, bytes(16), bytes(15) + b"\x01")]
    assert stream == b"".join(blocks)[:33]


@pytest.mark.needs("Cipher")
def test_sm4_gcm(subject, provider):
    key = subject.symmetric(vectors.SM4_KEY)
    value = vectors.GCM_NONCE + vectors.GCM_CIPHERTEXT + vectors.GCM_TAG
    sealed = provider.encrypt(key, vectors.GCM_PLAINTEXT, aad=vectors.GCM_AAD, iv=vectors.GCM_NONCE)
    assert sealed.value == value
    assert provider.decrypt(key, value, aad=vectors.GCM_AAD) == vectors.GCM_PLAINTEXT


@pytest.mark.needs("Verifier")
def test_sm2_verification(subject, provider):
    signature = subject.signature(vectors.SM2_SIGNATURE)
    provider.verify(subject.public(), vectors.SM2_MESSAGE, signature)
    provider.verify_digest(subject.public(), bytes.fromhex(vectors.SM2_E), signature)
    with pytest.raises(VerificationFailed):
        provider.verify(subject.public(), vectors.SM2_MESSAGE + b".", signature)


@pytest.mark.needs("PublicKeyCipher")
def test_sm2_decryption(subject, provider):
    assert provider.decrypt_with(subject.private(), subject.ciphertext(vectors.SM2_CIPHERTEXT)) == vectors.SM2_PLAINTEXT


@pytest.mark.needs("KeyMaker")
def test_sm2_public_key(subject, provider):
    assert provider.public_key(subject.private()).point == vectors.SM2_POINT


@pytest.mark.needs("KeyAgreement", "KeyMaker")
@pytest.mark.parametrize("initiator", [True, False])
def test_sm2_key_exchange(subject, provider, initiator):
    own, peer = (0, 1) if initiator else (1, 0)
    made = provider.agree(
        subject.private(vectors.AGREE_D[own]), subject.private(vectors.AGREE_EPHEMERAL[own]),
        provider.public_key(subject.private(vectors.AGREE_D[peer])),
        provider.public_key(subject.private(vectors.AGREE_EPHEMERAL[peer])), initiator=initiator, size=16)
    assert made.secret.reveal().hex() == vectors.AGREE_KEY
    sides = [vectors.AGREE_FROM_INITIATOR, vectors.AGREE_FROM_RESPONDER]
    assert [made.confirmation.hex(), made.expected.hex()] == (sides if initiator else sides[::-1])


def test_identity_and_message_digest(public_key):
    assert sm2.identity_digest(public_key).hex() == vectors.SM2_ZA
    assert sm2.message_digest(public_key, vectors.SM2_MESSAGE).hex() == vectors.SM2_E
    assert sm2.message_digest(public_key, [b"message ", b"", b"digest"]).hex() == vectors.SM2_E

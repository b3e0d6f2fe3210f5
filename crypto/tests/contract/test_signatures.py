"""SM2 signatures: whatever is changed, they no longer hold."""
import pytest

import vectors
from ctsp_crypto import sm2
from ctsp_crypto.errors import EncodingError, VerificationFailed

MESSAGE = "检查记录".encode()
OTHER_D = vectors.AGREE_D[0]


@pytest.fixture
def signed(subject, provider):
    return provider.sign(subject.private(), MESSAGE).value


def refused(provider, *arguments, **options):
    with pytest.raises(VerificationFailed):
        provider.verify(*arguments, **options)


@pytest.mark.needs("Signer", "Verifier")
def test_round_trip(subject, provider, signed):
    provider.verify(subject.public(), MESSAGE, signed)


@pytest.mark.needs("Signer", "Verifier")
def test_every_byte_of_the_signature_counts(subject, provider, signed):
    for index in range(len(signed)):
        changed = bytearray(signed)
        changed[index] ^= 0x01
        refused(provider, subject.public(), MESSAGE, bytes(changed))


@pytest.mark.needs("Signer", "Verifier")
def test_every_byte_of_the_message_counts(subject, provider, signed):
    for index in range(len(MESSAGE)):
        changed = bytearray(MESSAGE)
        changed[index] ^= 0x80
        refused(provider, subject.public(), bytes(changed), signed)
    for other in (b"", MESSAGE[:-1], MESSAGE + b"\0", b"\0" + MESSAGE):
        refused(provider, subject.public(), other, signed)


@pytest.mark.needs("Signer", "Verifier")
def test_sizes_and_ranges_of_the_signature(subject, provider, signed):
    zero, full = bytes(32), b"\xff" * 32
    n = sm2.N.to_bytes(32, "big")
    raw = vectors.SM2_SIGNATURE
    for bad in (b"", b"\0", signed[:-1], signed + b"\0", signed * 2, b"\0" + signed):
        refused(provider, subject.public(), MESSAGE, bad)
    for bad in (zero + zero, raw[:32] + zero, zero + raw[32:], n + raw[32:], raw[:32] + n, full + full):
        refused(provider, subject.public(), MESSAGE, bad)


@pytest.mark.needs("Verifier")
def test_r_and_s_that_add_up_to_n(subject, provider):
    """t = 0 (GB/T 32918.2 §7.1 B5)."""
    r = int.from_bytes(vectors.SM2_SIGNATURE[:32], "big")
    bad = r.to_bytes(32, "big") + (sm2.N - r).to_bytes(32, "big")
    refused(provider, subject.public(), vectors.SM2_MESSAGE, subject.signature(bad))


@pytest.mark.needs("Verifier")
def test_s_is_not_taken_modulo_n(subject, provider):
    """s + n, where it fits into 32 bytes, is another spelling of the same signature: refused."""
    r, s = vectors.SM2_SIGNATURE[:32], int.from_bytes(vectors.SM2_SIGNATURE[32:], "big")
    if s + sm2.N < 1 << 256:
        refused(provider, subject.public(), vectors.SM2_MESSAGE, r + (s + sm2.N).to_bytes(32, "big"))


@pytest.mark.needs("Signer", "Verifier")
def test_another_key(subject, provider, signed):
    other = bytes.fromhex("04" "160e12897df4edb61dd812feb96748fbd3ccf4ffe26aa6f6db9540af49c94232"
                          "4a7dad08bb9a459531694beb20aa489d6649975e1bfcf8c4741b78b4b223007f")
    refused(provider, subject.public(other), MESSAGE, signed)


@pytest.mark.needs("Signer", "Verifier", "Digester")
def test_identities(subject, provider):
    for user_id in (b"ALICE123@YAHOO.COM", b"\0", "检查员".encode(), b"x" * sm2.MAX_ID_SIZE):
        made = provider.sign(subject.private(), MESSAGE, user_id=user_id).value
        provider.verify(subject.public(), MESSAGE, made, user_id=user_id)
        refused(provider, subject.public(), MESSAGE, made)
        refused(provider, subject.public(), MESSAGE, made, user_id=user_id[:-1] + b"y")
    for user_id in (b"", b"x" * (sm2.MAX_ID_SIZE + 1)):
        with pytest.raises(EncodingError):
            provider.sign(subject.private(), MESSAGE, user_id=user_id)
        with pytest.raises(EncodingError):
            provider.verify(subject.public(), MESSAGE, made, user_id=user_id)


@pytest.mark.needs("Signer", "Verifier")
def test_empty_and_large_messages(subject, provider):
    for message in (b"", b"\0", b"\0\0", bytes(3_000_001)):
        made = provider.sign(subject.private(), message).value
        provider.verify(subject.public(), message, made)
        refused(provider, subject.public(), message + b"\0", made)


@pytest.mark.needs("Signer", "Verifier")
def test_digest_and_message_meet(subject, provider, public_key):
    e = sm2.message_digest(public_key, MESSAGE)
    provider.verify(subject.public(), MESSAGE, provider.sign_digest(subject.private(), e).value)
    provider.verify_digest(subject.public(), e, provider.sign(subject.private(), MESSAGE).value)
    with pytest.raises(VerificationFailed):
        provider.verify_digest(subject.public(), e[::-1], provider.sign(subject.private(), MESSAGE).value)
    for bad in (b"", e[:-1], e + b"\0"):
        with pytest.raises(EncodingError):
            provider.sign_digest(subject.private(), bad)
        with pytest.raises(EncodingError):
            provider.verify_digest(subject.public(), bad, subject.signature(vectors.SM2_SIGNATURE))


@pytest.mark.needs("Signer")
def test_a_nonce_is_never_used_twice(subject, provider):
    made = {provider.sign(subject.private(), MESSAGE).value for _ in range(20)}
    assert len(made) == 20


@pytest.mark.needs("Signer", "Verifier")
def test_many_equal_one_by_one(subject, provider):
    messages = [bytes((number,)) * number for number in range(12)]
    values = [made.value for made in provider.sign_many(subject.private(), messages)]
    assert len(values) == len(messages)
    for message, value in zip(messages, values):
        provider.verify(subject.public(), message, value)
    pairs = list(zip(messages, values))
    pairs[4], pairs[7] = (messages[4], values[5]), (b"other", values[7])
    pairs[9] = (messages[9], b"short")
    assert provider.verify_many(subject.public(), pairs) == [index not in (4, 7, 9) for index in range(12)]
    assert provider.sign_many(subject.private(), []) == []
    assert provider.verify_many(subject.public(), []) == []

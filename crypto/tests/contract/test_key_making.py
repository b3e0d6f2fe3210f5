"""Keys made by a provider, and keys it must not accept."""
import pytest

import vectors
from ctsp_crypto import KeyHandle, PrivateKey, PublicKey, Secret, SymmetricKey, sm2
from ctsp_crypto.errors import EncodingError, KeyMissing, PolicyError, VerificationFailed


@pytest.mark.needs("KeyMaker", "Signer", "Verifier")
def test_key_pairs(provider):
    pairs = [provider.generate_key_pair() for _ in range(3)]
    assert len({pair.public.point for pair in pairs}) == 3
    for pair in pairs:
        sm2.check_private(pair.secret.reveal())
        sm2.check_point(pair.public.point)
        assert provider.public_key(pair) == pair.public
        provider.verify(pair.public, b"a", provider.sign(pair, b"a").value)
    with pytest.raises(VerificationFailed):
        provider.verify(pairs[0].public, b"a", provider.sign(pairs[1], b"a").value)


@pytest.mark.needs("KeyMaker")
def test_symmetric_keys(provider):
    assert [len(provider.generate_key(size).secret) for size in (16, 32)] == [16, 32]
    assert provider.generate_key().secret != provider.generate_key().secret


@pytest.mark.needs("KeyMaker", "Signer", "PublicKeyCipher")
@pytest.mark.parametrize("number", [0, sm2.N - 1, sm2.N, sm2.N + 5, 2**256 - 1])
def test_private_keys_out_of_range(provider, number):
    """d is in [1, n-2]; n-1 would make 1+d without an inverse."""
    key = PrivateKey(Secret(number.to_bytes(32, "big")))
    for use in (lambda: provider.sign(key, b"a"), lambda: provider.public_key(key),
                lambda: provider.decrypt_with(key, vectors.SM2_CIPHERTEXT)):
        with pytest.raises(EncodingError):
            use()


@pytest.mark.needs("KeyMaker", "Signer", "Verifier")
@pytest.mark.parametrize("number", [1, 2, sm2.N - 2])
def test_private_keys_at_the_edge(provider, number):
    key = PrivateKey(Secret(number.to_bytes(32, "big")))
    provider.verify(provider.public_key(key), b"a", provider.sign(key, b"a").value)


@pytest.mark.needs("Verifier", "PublicKeyCipher")
def test_public_keys_off_the_curve(subject, provider):
    for changed in (vectors.SM2_POINT[:-1] + b"\x00", b"\x04" + bytes(64), b"\x04" + sm2.P.to_bytes(32, "big") * 2):
        key = PublicKey(changed)
        with pytest.raises(EncodingError):
            provider.verify(key, vectors.SM2_MESSAGE, subject.signature(vectors.SM2_SIGNATURE))
        with pytest.raises(EncodingError):
            provider.encrypt_to(key, b"a")


@pytest.mark.needs("KeyMaker", "Signer")
def test_halves_that_do_not_belong_together(subject, provider, public_key):
    """ZA comes from the public key: a wrong one would make signatures nobody can verify."""
    with pytest.raises(EncodingError):
        provider.sign(PrivateKey(Secret(vectors.AGREE_D[0]), public_key), b"a")


@pytest.mark.needs("KeyMaker", "Signer")
def test_wrong_kinds_of_key(provider):
    """Software takes keys, not handles."""
    for key in (KeyHandle("1"), SymmetricKey(Secret(bytes(32)))):
        with pytest.raises(PolicyError):
            provider.sign(key, b"a")


@pytest.mark.needs("KeyMaker", "Signer", "PublicKeyCipher")
def test_a_destroyed_private_key(subject, provider):
    """Also one the provider has already made something of."""
    key = provider.generate_key_pair()
    provider.sign(key, b"a")
    key.secret.wipe()
    for use in (lambda: provider.sign(key, b"a"), lambda: provider.sign_digest(key, bytes(32)),
                lambda: provider.public_key(key), lambda: provider.decrypt_with(key, vectors.SM2_CIPHERTEXT)):
        with pytest.raises(KeyMissing):
            use()


@pytest.mark.needs("KeyMaker", "Cipher", "Macer")
def test_a_destroyed_symmetric_key(provider):
    key = provider.generate_key()
    sealed = provider.encrypt(key, b"a").value
    key.secret.wipe()
    for use in (lambda: provider.encrypt(key, b"a"), lambda: provider.decrypt(key, sealed),
                lambda: provider.mac(key, b"a"), lambda: provider.verify_macs(key, [(b"a", bytes(32))])):
        with pytest.raises(KeyMissing):
            use()


@pytest.mark.needs("KeyAgreement", "KeyMaker")
def test_key_exchange(provider):
    a, b, ra, rb, other = (provider.generate_key_pair() for _ in range(5))
    for size in (1, 16, 32, 33, 100):
        ours = provider.agree(a, ra, b.public, rb.public, initiator=True, size=size, own_id=b"A", peer_id=b"B")
        theirs = provider.agree(b, rb, a.public, ra.public, initiator=False, size=size, own_id=b"B", peer_id=b"A")
        assert len(ours.secret) == size
        assert ours.secret == theirs.secret
        assert (ours.confirmation, ours.expected) == (theirs.expected, theirs.confirmation)
        assert ours.confirmation != ours.expected
    changed = [
        provider.agree(b, rb, other.public, ra.public, initiator=False, size=16, own_id=b"B", peer_id=b"A"),
        provider.agree(b, rb, a.public, other.public, initiator=False, size=16, own_id=b"B", peer_id=b"A"),
        provider.agree(b, rb, a.public, ra.public, initiator=False, size=16, own_id=b"B", peer_id=b"C"),
        provider.agree(b, rb, a.public, ra.public, initiator=True, size=16, own_id=b"B", peer_id=b"A"),
    ]
    reference = provider.agree(a, ra, b.public, rb.public, initiator=True, size=16, own_id=b"A", peer_id=b"B")
    assert all(reference.secret != made.secret and reference.expected != made.confirmation for made in changed)


@pytest.mark.needs("KeyAgreement", "KeyMaker")
def test_key_exchange_refuses_bad_points(provider):
    a, ra, b = (provider.generate_key_pair() for _ in range(3))
    bad = PublicKey(b"\x04" + bytes(31) + b"\x01" + bytes(32))
    for keys in ((b.public, bad), (bad, b.public)):
        with pytest.raises(EncodingError):
            provider.agree(a, ra, *keys, initiator=True, size=16)
    for size in (0, -1, 100_000):
        with pytest.raises(EncodingError):
            provider.agree(a, ra, b.public, b.public, initiator=True, size=size)

"""Every result says what made it, and nothing says a secret."""
import pytest

import vectors
from ctsp_crypto import ports


@pytest.mark.needs("Provider")
def test_protocols(subject, provider):
    for name in subject.serves:
        assert isinstance(provider, getattr(ports, name)), name
    health = provider.health()
    assert health.ready, health
    assert health.provider == provider.name


@pytest.mark.needs("Signer")
def test_where_signatures_come_from(subject, provider):
    for made in (provider.sign(subject.private(), b"a"), *provider.sign_many(subject.private(), [b"a"])):
        assert origin(made) == ("SM2-SM3", provider.name, "sign", 3)


@pytest.mark.needs("Macer", "Cipher")
def test_where_macs_and_ciphertexts_come_from(subject, provider):
    key = subject.symmetric(vectors.SM4_KEY)
    assert origin(provider.mac(key, b"a")) == ("HMAC-SM3", provider.name, "sym", 7)
    assert origin(provider.encrypt(key, b"a")) == ("SM4-GCM", provider.name, "sym", 7)
    assert origin(provider.encrypt_many(key, [(b"a", b"")], algorithm="SM4-CTR")[0]) == (
        "SM4-CTR", provider.name, "sym", 7)


@pytest.mark.needs("PublicKeyCipher")
def test_where_sm2_ciphertexts_come_from(subject, provider):
    assert origin(provider.encrypt_to(subject.public(), b"a")) == ("SM2", provider.name, "sign", 3)


def origin(result):
    return result.algorithm, result.provider, result.key_id, result.key_version

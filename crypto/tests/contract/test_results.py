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


@pytest.mark.needs("Signer", "Macer", "Cipher")
def test_where_results_come_from(subject, provider):
    made = [
        (provider.sign(subject.private(), b"a"), "SM2-SM3", "sign", 3),
        (provider.mac(subject.symmetric(vectors.SM4_KEY), b"a"), "HMAC-SM3", "sym", 7),
        (provider.encrypt(subject.symmetric(vectors.SM4_KEY), b"a"), "SM4-GCM", "sym", 7),
    ]
    for result, algorithm, key_id, version in made:
        assert (result.algorithm, result.provider, result.key_id, result.key_version) == (
            algorithm, provider.name, key_id, version)

"""Certificates judged by the service and by the gateway; and the contract itself."""
import datetime
from contextlib import nullcontext

import pytest
from asn1crypto import algos, core, x509

from authorities import NOW as AUTHORITY_NOW
from authorities import Tree
from ctsp_crypto.encodings import keys, signatures
from ctsp_crypto.encodings.keys import PublicForm
from ctsp_crypto.errors import EncodingError, ProviderRefused, ProviderUnavailable, VerificationFailed
from ctsp_crypto.providers.cloud import GatewayClient
from ctsp_crypto.providers.standard import StandardProvider
from simulator import contract
from simulator.services import fingerprint

STANDARD = StandardProvider()
PAIR = STANDARD.generate_key_pair()
UTC = datetime.UTC
NOW = datetime.datetime(2026, 6, 1, tzinfo=UTC)


def issue(serial=255, begins=2026, ends=2027):
    """The least a certificate can be; nobody here looks at its chain."""
    name = x509.Name.build({"country_name": "CN", "common_name": "检查员（示例）"})
    key = x509.PublicKeyInfo.load(keys.write_public(PAIR.public, PublicForm.SPKI))
    body = x509.TbsCertificate({
        "version": "v3", "serial_number": serial, "signature": {"algorithm": "1.2.156.10197.1.501"}, "issuer": name,
        "subject": name, "subject_public_key_info": key, "validity": {
            "not_before": x509.Time({"utc_time": datetime.datetime(begins, 1, 1, tzinfo=UTC)}),
            "not_after": x509.Time({"utc_time": datetime.datetime(ends, 1, 1, tzinfo=UTC)})}})
    signed = signatures.to_der(STANDARD.sign(PAIR, body.dump()).value)
    algorithm = algos.SignedDigestAlgorithm({"algorithm": "1.2.156.10197.1.501"})
    return x509.Certificate({"tbs_certificate": body, "signature_algorithm": algorithm,
                             "signature_value": core.OctetBitString(signed)}).dump()


CERTIFICATE = issue()


@pytest.fixture
def known(simulator):
    for certificate in (CERTIFICATE, issue(256)):
        simulator.services.certificates[fingerprint(certificate)] = True


@pytest.fixture
def gateway(simulator, clocks):
    made = GatewayClient(simulator.service("gateway"), clocks=clocks)
    yield made
    made.close()


def test_verdict(provider, known):
    verdict = provider.verify_certificate(CERTIFICATE, at=NOW)
    assert (verdict.serial, verdict.provider, verdict.not_after) == ("ff", "cloud", "2027-01-01T00:00:00+00:00")
    assert "检查员（示例）" in verdict.subject


def test_a_certificate_the_service_refuses(provider):
    with pytest.raises(VerificationFailed):
        provider.verify_certificate(CERTIFICATE, at=NOW)


def test_a_verdict_about_another(simulator, provider, known):
    for name, value in (("serial", "fe"), ("fingerprint", fingerprint(issue(256)))):
        with simulator.fault(change=lambda answer, name=name, value=value: answer.update({name: value})), \
                pytest.raises(ProviderRefused):
            provider.verify_certificate(CERTIFICATE, at=NOW)


@pytest.mark.parametrize("year", [2025, 2028])
def test_valid_outside_its_dates(provider, known, year):
    with pytest.raises(ProviderRefused):
        provider.verify_certificate(CERTIFICATE, at=NOW.replace(year=year))


@pytest.mark.parametrize("certificate", [b"", b"\x30\x00", CERTIFICATE[:-1], CERTIFICATE + b"\0"])
def test_no_certificate(provider, gateway, certificate):
    with pytest.raises(VerificationFailed):
        provider.verify_certificate(certificate, at=NOW)
    with pytest.raises(VerificationFailed):
        gateway.sign_in(b"challenge", certificate, bytes(64), at=NOW)


def test_wrong_use(provider):
    with pytest.raises(EncodingError):
        provider.verify_certificate(CERTIFICATE, at=NOW.replace(tzinfo=None))
    with pytest.raises(EncodingError):
        provider.verify_certificate(CERTIFICATE, at=NOW, usage="everything")


@pytest.fixture(scope="module")
def tree():
    return Tree.plant()


def test_a_verdict_that_does_not_hold_here(simulator, connect, tree):
    """A service that calls everything valid is found by the roots we know."""
    provider, foreign = connect(trusted=tree.store()), Tree.plant()
    for one in (tree, foreign):
        simulator.services.certificates[fingerprint(one.leaf.der)] = True
    verdict = provider.verify_certificate(tree.leaf.der, at=AUTHORITY_NOW)
    assert verdict.provider == "cloud"
    with pytest.raises(ProviderRefused):
        provider.verify_certificate(foreign.leaf.der, at=AUTHORITY_NOW)
    with pytest.raises(ProviderRefused):
        provider.verify_certificate(tree.leaf.der, at=AUTHORITY_NOW, usage="encrypt")


def test_a_gateway_that_accepts_a_foreign_certificate(simulator, clocks, tree):
    foreign = Tree.plant()
    for one in (tree, foreign):
        simulator.services.certificates[fingerprint(one.leaf.der)] = True
    gateway = GatewayClient(simulator.service("gateway"), trusted=tree.store(), clocks=clocks)
    for one, outcome in ((tree, None), (foreign, ProviderRefused)):
        challenge = gateway.challenge()
        signature = STANDARD.sign(one.pair.key, challenge).value
        with pytest.raises(outcome) if outcome else nullcontext():
            gateway.sign_in(challenge, one.leaf.der, signature, at=AUTHORITY_NOW)
    gateway.close()


# Gateway
def test_sign_in(gateway, known):
    challenge = gateway.challenge()
    assert len(challenge) == 32
    assert challenge != gateway.challenge()
    signature = STANDARD.sign(PAIR, challenge).value
    verdict = gateway.sign_in(challenge, CERTIFICATE, signature, at=NOW)
    assert (verdict.serial, verdict.provider) == ("ff", "gateway")
    assert gateway.health().ready


def test_sign_in_with_der(gateway, known):
    challenge = gateway.challenge()
    gateway.sign_in(challenge, CERTIFICATE, signatures.to_der(STANDARD.sign(PAIR, challenge).value), at=NOW)


def test_a_challenge_counts_once(gateway, known):
    challenge = gateway.challenge()
    signature = STANDARD.sign(PAIR, challenge).value
    gateway.sign_in(challenge, CERTIFICATE, signature, at=NOW)
    with pytest.raises(EncodingError):
        gateway.sign_in(challenge, CERTIFICATE, signature, at=NOW)


def test_a_wrong_signature_is_not_even_sent(simulator, gateway, known):
    """Nor would a gateway that accepts everything help a forger."""
    challenge = gateway.challenge()
    good = STANDARD.sign(PAIR, challenge).value
    for signature in (STANDARD.sign(PAIR, b"other").value, STANDARD.sign(STANDARD.generate_key_pair(), challenge).value,
                      good[:-1], b"", good[::-1]):
        with pytest.raises(VerificationFailed):
            gateway.sign_in(challenge, CERTIFICATE, signature, at=NOW)
    assert not simulator.calls


def test_a_gateway_that_lies(simulator, gateway, known):
    changes = [{"serial": "fe"}, {"fingerprint": fingerprint(issue(256))}, {"accepted": "yes"}]
    for change in changes:
        challenge = gateway.challenge()
        signature = STANDARD.sign(PAIR, challenge).value
        with simulator.fault(change=lambda answer, change=change: answer.update(change)), \
                pytest.raises(ProviderRefused):
            gateway.sign_in(challenge, CERTIFICATE, signature, at=NOW)
    challenge = gateway.challenge()
    with pytest.raises(ProviderRefused):
        gateway.sign_in(challenge, CERTIFICATE, STANDARD.sign(PAIR, challenge).value, at=NOW.replace(year=2028))


def test_a_gateway_that_refuses_or_is_away(simulator, gateway):
    challenge = gateway.challenge()
    signature = STANDARD.sign(PAIR, challenge).value
    with pytest.raises(VerificationFailed):
        gateway.sign_in(challenge, CERTIFICATE, signature, at=NOW)
    with simulator.fault(status=503), pytest.raises(ProviderUnavailable):
        gateway.sign_in(challenge, CERTIFICATE, signature, at=NOW)
    with simulator.fault(status=503):
        assert not gateway.health().ready


# The contract
def test_the_contract_and_the_simulator_have_the_same_operations(simulator):
    assert set(contract.document()["paths"]) == set(simulator.services.operations())


def test_the_contract_judges():
    """Or its silence would mean nothing."""
    _template, operation = contract.operation("POST", "/v1/macs")
    good = {"key": "k", "version": 1, "items": [{"message": "YQ=="}]}
    assert contract.request_problems(operation, good) == []
    for bad in ({}, good | {"version": "1"}, good | {"version": 0}, good | {"items": []}, good | {"more": 1},
                good | {"items": [{"message": "a b"}]}, good | {"items": [{}]}, good | {"version": True}, None):
        assert contract.request_problems(operation, bad)
    assert contract.operation("DELETE", "/v1/macs") is None
    assert contract.operation("POST", "/v1/none") is None


def test_the_contract_speaks_of_every_service():
    document = contract.document()
    tags = {tag for path in document["paths"].values() for operation in path.values() for tag in operation["tags"]}
    assert tags == {"签名验签服务", "数据库加密服务", "安全认证网关", "health"}

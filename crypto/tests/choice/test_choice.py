"""Which provider is used, that only a tested one is, and that nothing else steps in for it."""
import pytest

import soft_device
import vectors
from ctsp_crypto import KeyHandle, PrivateKey, Secret, ports
from ctsp_crypto.choice import Choice, load, selftest
from ctsp_crypto.choice.chooser import PORTS, RETEST
from ctsp_crypto.errors import DecryptionFailed, PolicyError, ProviderRefused, ProviderUnavailable
from ctsp_crypto.providers.cloud import CloudProvider
from ctsp_crypto.providers.reference import ReferenceProvider
from ctsp_crypto.providers.standard import StandardProvider
from ctsp_crypto.results import Digest, Encrypted, Mac, Signed
from simulator import Simulator
from simulator.services import secret_key

SERVED = ("digester", "macer", "cipher", "signer", "verifier", "public_key_cipher", "key_agreement", "key_maker",
          "random_source")


def choice(provider, **options):
    return Choice({"one": provider}, {"digester": "one"}, **options)


def test_without_configuration_software_serves_what_it_can():
    made = load(environment={})
    assert made.assignments() == dict.fromkeys(SERVED, "standard")
    assert isinstance(made.of("signer"), StandardProvider)
    assert made.of(ports.Signer) is made.of(ports.Digester)
    with pytest.raises(PolicyError):
        made.of(ports.TimeStamper)


def test_every_port_has_a_name():
    protocols = {value for name, value in vars(ports).items()
                 if getattr(value, "_is_protocol", False) and value.__module__ == ports.__name__}
    assert set(PORTS.values()) == protocols - {ports.Provider}


def test_report():
    made = load(environment={})
    assert [(health.ready, health.detail) for health in made.health()] == [(False, "not tested yet")]
    assert made.state("standard") == "untested"
    (health,) = made.start()
    assert health.ready
    assert [problem for _name, problem in health.checks] == [""] * len(health.checks)
    assert {name for name, _problem in health.checks} == {
        "sm3", "hmac", "sm4", "sm4-gcm", "sm4-gcm refusal", "sm2 verification", "sm2 verification refusal",
        "sm2 signature", "sm2 decryption", "random"}


def broken(method, answer):
    """The standard provider with one method that answers something else."""
    return type("Broken", (StandardProvider,), {"name": "broken", method: answer})()


BROKEN = {
    "sm3": ("digest", lambda self, message: Digest(bytes(32), "SM3", "x")),
    "hmac": ("mac", lambda self, key, message: Mac(bytes(32), "HMAC-SM3", "x")),
    "sm4": ("encrypt", lambda self, key, text, **how: Encrypted(bytes(64), "SM4-CBC", "x")),
    "sm4-gcm": ("decrypt", lambda self, key, value, **how: b""),
    "sm2 verification refusal": ("verify", lambda self, key, message, signature, **how: None),
    "sm2 signature": ("sign", lambda self, key, message, **how: Signed(vectors.SM2_SIGNATURE[::-1], "SM2-SM3", "x")),
    "sm2 decryption": ("decrypt_with", lambda self, key, value: value[97:]),
    "random": ("random", lambda self, size: bytes(size)),
}


@pytest.mark.parametrize("check", BROKEN)
def test_a_broken_provider_is_not_used(check):
    made = choice(broken(*BROKEN[check]))
    for _ in range(2):
        with pytest.raises(ProviderRefused) as caught:
            made.of("digester")
        assert check in str(caught.value)
    (health,) = made.health()
    assert not health.ready
    assert made.state("one") == "failed"
    assert dict(health.checks)[check]


def test_an_error_in_the_self_test_is_a_failure():
    def refuse(self, key, value, **how):
        raise DecryptionFailed("no")

    made = choice(broken("decrypt", refuse))
    with pytest.raises(ProviderRefused):
        made.of("digester")


def test_tested_once():
    calls = []

    def digest(self, message):
        calls.append(message)
        return StandardProvider.digest(self, message)

    made = choice(broken("digest", digest))
    for _ in range(3):
        assert made.of("digester").name == "broken"
    assert len(calls) == 1


def test_an_unreachable_provider_is_asked_again_after_a_while():
    at, state = [1000.0], {"up": False, "asked": 0}

    def random(self, size):
        state["asked"] += 1
        if not state["up"]:
            raise ProviderUnavailable("down")
        return StandardProvider.random(self, size)

    made = choice(broken("random", random), clock=lambda: at[0])
    for _ in range(3):
        with pytest.raises(ProviderUnavailable):
            made.of("digester")
    assert state["asked"] == 1, "callers are told at once"
    state["up"] = True
    at[0] = 1000 + RETEST - 0.1
    with pytest.raises(ProviderUnavailable):
        made.of("digester")
    at[0] = 1000 + RETEST
    assert made.of("digester")


@pytest.mark.parametrize("assigned", [
    {"signer": "none"}, {"sinner": "one"}, {"time_stamper": "one"}, {"cipher": "two"}])
def test_assignments_that_make_no_sense(assigned):
    with pytest.raises(PolicyError):
        Choice({"one": StandardProvider(), "two": ReferenceProvider()}, assigned)


def test_unused_providers_are_neither_tested_nor_reported():
    made = Choice({"one": StandardProvider(), "two": broken("random", lambda self, size: b"")}, {"digester": "one"})
    assert [health.provider for health in made.start()] == ["one"]


def test_closing_closes_them_all():
    closed = []
    device = type("Device", (StandardProvider,), {"close": lambda self: closed.append(self)})
    devices = {"one": device(), "two": device(), "software": StandardProvider()}
    Choice(devices, {"digester": "one"}).close()
    assert closed == [devices["one"], devices["two"]]


# Handles
def test_a_device_is_tested_with_its_probe():
    control = soft_device.control()
    control.SOFTSDF_Pair(60, vectors.SM2_D)
    key = soft_device.wrapped(vectors.SM4_KEY)
    probe = selftest.Probe(KeyHandle("pair:60"), key, key)
    provider = soft_device.provider()
    made = Choice({"hsm": provider}, {"signer": "hsm"}, {"hsm": probe})
    (health,) = made.start()
    assert health.ready
    assert {name for name, _problem in health.checks} == {
        "sm3", "hmac", "sm4-gcm", "sm2 verification", "sm2 verification refusal", "sm2 signature", "random"}
    made.close()


def test_a_probe_that_is_not_there():
    provider = soft_device.provider()
    made = Choice({"hsm": provider}, {"signer": "hsm"}, {"hsm": selftest.Probe(KeyHandle("pair:4000"))})
    with pytest.raises(ProviderRefused):
        made.of("signer")
    made.close()


def test_the_cloud_goes_and_comes():
    """Down at start: unavailable, never software in its place. Back: tested, then used."""
    simulator, at = Simulator(), [0.0]
    simulator.services.pairs["sign", 1] = PrivateKey(Secret(vectors.SM2_D))
    simulator.services.symmetric["data", 1] = secret_key(vectors.SM4_KEY)
    quick = {"attempts": 1, "failures": 100}
    cloud = CloudProvider(simulator.service("signature", **quick), simulator.service("data", **quick))
    probe = selftest.Probe(KeyHandle("sign"), KeyHandle("data"), KeyHandle("data"))
    made = Choice({"standard": StandardProvider(), "cloud": cloud}, {"signer": "cloud", "digester": "standard"},
                  {"cloud": probe}, clock=lambda: at[0])
    with simulator.fault(status=503):
        assert [health.ready for health in made.start()] == [True, False]
        with pytest.raises(ProviderUnavailable):
            made.of("signer")
        assert made.of("digester").name == "standard"
        assert (made.state("standard"), made.state("cloud")) == ("passed", "unavailable")
    at[0] += RETEST
    assert made.of("signer") is cloud
    assert all(health.ready for health in made.health())
    with simulator.fault(status=503):
        assert [health.ready for health in made.health()] == [True, False]
    made.close()
    simulator.close()


def test_a_cloud_that_lies_at_start():
    simulator = Simulator()
    simulator.services.pairs["sign", 1] = PrivateKey(Secret(vectors.SM2_D))
    cloud = CloudProvider(simulator.service("signature"), simulator.service("data"))
    made = Choice({"cloud": cloud}, {"signer": "cloud"}, {"cloud": selftest.Probe(KeyHandle("sign"))})

    def yes(answer):
        for item in answer["items"]:
            item["valid"] = True

    with simulator.fault(path="/v1/verifications", change=yes), pytest.raises(ProviderRefused):
        made.of("signer")
    made.close()
    simulator.close()

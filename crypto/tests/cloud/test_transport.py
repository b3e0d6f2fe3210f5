"""Pooling, time-outs, repetition, circuit breaker, signed answers: what happens when the cloud is not well."""
import os
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from cloud_keys import DATA, PAIR
from ctsp_crypto import Secret
from ctsp_crypto.errors import (
    DecryptionFailed,
    KeyMissing,
    PolicyError,
    ProviderRefused,
    ProviderUnavailable,
)
from ctsp_crypto.providers.cloud import Service, signing
from ctsp_crypto.providers.cloud.breaker import Breaker
from ctsp_crypto.providers.cloud.wire import batches
from simulator import Simulator


def asked(simulator, path):
    return sum(call == path for call in simulator.calls)


# Repetition
@pytest.mark.parametrize("fault", [
    {"status": 429}, {"status": 500}, {"status": 502}, {"status": 503}, {"status": 504}, {"drop": True}])
def test_what_passes_is_asked_again(simulator, provider, clocks, fault):
    with simulator.fault(path="/v1/random", times=2, **fault):
        assert len(provider.random(8)) == 8
    assert asked(simulator, "/v1/random") == 3
    assert clocks.pauses == [0.1, 0.2], "growing pauses"


def test_attempts_end(simulator, provider, clocks):
    with simulator.fault(path="/v1/random", status=503), pytest.raises(ProviderUnavailable) as caught:
        provider.random(8)
    assert asked(simulator, "/v1/random") == 3
    assert caught.value.retryable
    assert len(provider.random(8)) == 8, "and it recovers without hands"


def test_down_is_down(provider, simulator):
    """Nobody answers on a connection that was open before either; a simulator that comes back is found by itself."""
    assert len(provider.random(8)) == 8
    port = int(simulator.url.rpartition(":")[2])
    simulator.close()
    with pytest.raises(ProviderUnavailable):
        provider.random(8)
    again = Simulator(port=port)
    try:
        assert len(provider.random(8)) == 8
        assert asked(again, "/v1/random") == 1
    finally:
        again.close()


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 403, 404, 409, 501])
def test_what_does_not_pass_is_not_asked_again(simulator, provider, status):
    headers = (("Location", "/data/v1/health"),)
    with simulator.fault(path="/v1/random", status=status, headers=headers), pytest.raises(ProviderRefused):
        provider.random(8)
    assert asked(simulator, "/v1/random") == 1


def test_a_service_says_when(simulator, provider, clocks):
    with simulator.fault(path="/v1/random", times=1, status=429, headers=(("Retry-After", "1"),)):
        provider.random(1)
    with simulator.fault(path="/v1/random", times=1, status=503, headers=(("Retry-After", "3600"),)):
        provider.random(1)
    assert clocks.pauses == [1.0, 2.0], "an hour is longer than we wait"


def test_pauses_are_spread(simulator, connect, clocks):
    factors = iter([0.5, 1.5])
    clocks.jitter = lambda: next(factors)
    with simulator.fault(path="/v1/random", times=2, status=503):
        connect().random(1)
    assert clocks.pauses == [0.05, pytest.approx(0.3)]


def test_the_deadline_ends_repetition(simulator, connect, clocks):
    provider = connect(attempts=50, deadline=1.0)
    with simulator.fault(path="/v1/random", status=503), pytest.raises(ProviderUnavailable):
        provider.random(1)
    assert sum(clocks.pauses) < 1.0


def test_sign_in_is_never_repeated(simulator, provider):
    """A challenge counts once, so a second attempt would be refused as replay."""
    with simulator.fault(path="/v1/sign-ins", status=503), pytest.raises(ProviderUnavailable):
        provider._signatures.call("POST", "/v1/sign-ins", {}, repeatable=False)
    assert asked(simulator, "/v1/sign-ins") == 1


# Slowness, in real time: whoever waited for the answer would get it
def test_a_slow_service(simulator, connect):
    provider = connect(read_timeout=0.1, attempts=1)
    with simulator.fault(path="/v1/random", delay=60), pytest.raises(ProviderUnavailable, match="Timeout"):
        provider.random(1)


def test_a_dripping_service(simulator):
    """Each byte comes within the time-out; the whole does not come within the deadline."""
    from ctsp_crypto.providers.cloud import CloudProvider
    impatient = {"read_timeout": 0.3, "deadline": 0.3, "attempts": 1}
    provider = CloudProvider(simulator.service("signature", **impatient), simulator.service("data", **impatient))
    with simulator.fault(path="/v1/random", drip=0.05), pytest.raises(ProviderUnavailable):  # a minute for the whole
        provider.random(1000)
    provider.close()


def test_nobody_there(simulator, connect):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    provider = connect(url=url)
    with pytest.raises(ProviderUnavailable):
        provider.sign(PAIR, b"a")
    assert not provider.health().ready


# Pooling
def test_connections_are_kept(simulator, provider):
    for _ in range(20):
        provider.random(1)
    assert simulator.connections == 1


def test_connections_are_limited(simulator, connect):
    provider = connect(connections=3)
    with simulator.fault(path="/v1/random", delay=0.01), ThreadPoolExecutor(10) as pool:
        assert all(pool.map(lambda _number: provider.random(4), range(40)))
    assert simulator.connections <= 3


def test_a_closed_connection_is_opened_anew(simulator, provider):
    provider.random(1)
    with simulator.fault(path="/v1/random", times=1, drop=True):
        assert provider.random(1)


def test_fork(simulator, provider):
    """The child must not read answers on its parent's connections."""
    provider.random(1)
    child = os.fork()
    if not child:
        code = 1
        try:
            code = 0 if len(provider.random(4)) == 4 else 2
        finally:
            os._exit(code)
    assert os.waitpid(child, 0)[1] == 0
    assert len(provider.random(4)) == 4
    assert simulator.connections == 2


# Circuit breaker
def test_a_dead_service_is_left_in_peace(simulator, connect, clocks):
    provider = connect(attempts=1, failures=3, rest=10)
    with simulator.fault(path="/v1/random", status=503):
        for _ in range(3):
            with pytest.raises(ProviderUnavailable):
                provider.random(1)
        for _ in range(5):
            with pytest.raises(ProviderUnavailable):
                provider.random(1)
        assert asked(simulator, "/v1/random") == 3
        clocks.at += 10
        with pytest.raises(ProviderUnavailable):
            provider.random(1)
        assert asked(simulator, "/v1/random") == 4, "one tries, and the rest begins anew"
        with pytest.raises(ProviderUnavailable):
            provider.random(1)
        assert asked(simulator, "/v1/random") == 4
    clocks.at += 10
    assert provider.random(1)
    assert provider._data.breaker.state == "closed"


def test_each_service_has_its_own_breaker(simulator, connect):
    provider = connect(attempts=1, failures=1)
    with simulator.fault(path="/v1/random", status=503), pytest.raises(ProviderUnavailable):
        provider.random(1)
    assert provider._data.breaker.state == "open"
    assert provider.sign(PAIR, b"a")


def test_refusals_do_not_open_the_circuit(simulator, connect):
    provider = connect(failures=1)
    for _ in range(3):
        with pytest.raises(KeyMissing):
            provider._data.call("POST", "/v1/macs", {"key": "none", "version": 1, "items": [{"message": ""}]})
    assert provider._data.breaker.state == "closed"


def test_one_probe_at_a_time():
    at = [0.0]
    breaker = Breaker(2, 5, lambda: at[0])
    breaker.failed()
    breaker.enter()
    breaker.failed()
    assert breaker.state == "open"
    at[0] = 4.9
    with pytest.raises(ProviderUnavailable):
        breaker.enter()
    at[0] = 5
    assert breaker.state == "half open"
    breaker.enter()
    with pytest.raises(ProviderUnavailable):
        breaker.enter()
    breaker.succeeded()
    breaker.enter()
    breaker.failed()
    assert breaker.state == "closed", "a success forgets the failures before it"


# Answers
@pytest.mark.parametrize("fault", [
    {"unsigned": True}, {"body": b"no json"}, {"body": b"[]"}, {"body": b""}, {"body": b"{}"}, {"body": b'{"data": 5}'},
    {"body": b'{"data": "!!"}'}, {"body": b'{"data": "MTIzNDU2N!zg="}'},
    {"body": b'{"data": "YQ=="}'}, {"body": b"[" * 100_000}])
def test_answers_that_are_none(simulator, provider, fault):
    with simulator.fault(path="/v1/random", **fault), pytest.raises(ProviderRefused):
        provider.random(8)


def test_an_endless_answer(simulator, connect):
    provider = connect(answer_bytes=1000)
    with simulator.fault(path="/v1/random", body=b" " * 200_000), pytest.raises(ProviderRefused):
        provider.random(8)


def test_another_secret(simulator, connect):
    with pytest.raises(ProviderRefused):
        connect(secret=Secret(b"not the secret of this app")).random(1)
    with pytest.raises(ProviderRefused):
        connect(app="another").random(1)


def test_a_clock_that_is_off(simulator, connect, clocks):
    clocks.now = lambda: time.time() - 1000
    with pytest.raises(ProviderRefused):
        connect().random(1)


def test_an_answer_belongs_to_its_question():
    secret = Secret(b"0123456789abcdef")
    good = {signing.SIGNATURE: signing.answer_signature(secret, "nonce", 200, b"{}")}
    signing.check_answer(secret, good, "nonce", 200, b"{}")
    for question in (("other", 200, b"{}"), ("nonce", 400, b"{}"), ("nonce", 200, b"{ }")):
        with pytest.raises(ProviderRefused):
            signing.check_answer(secret, good, *question)
    for bad in ({}, {signing.SIGNATURE: ""}, {signing.SIGNATURE: "é"}, {signing.SIGNATURE: "AAAA"}):
        with pytest.raises(ProviderRefused):
            signing.check_answer(secret, bad, "nonce", 200, b"{}")


def test_requests_are_not_replayed(simulator, provider):
    """The simulator refuses a nonce it has seen: every attempt has its own."""
    with simulator.fault(path="/v1/random", times=2, status=503):
        provider.random(1)
    assert len(simulator.nonces) == 1
    provider.random(1)
    assert len(simulator.nonces) == 2


def test_errors_of_the_service(simulator, provider):
    from ctsp_crypto import KeyHandle
    with pytest.raises(KeyMissing):
        provider.mac(KeyHandle("none"), b"a")
    with pytest.raises(KeyMissing):
        provider.sign(KeyHandle("sign", version=9), b"a")
    with pytest.raises(KeyMissing):
        provider.sign(KeyHandle(""), b"a")
    sealed = provider.encrypt(DATA, b"a", aad=b"x").value
    with pytest.raises(DecryptionFailed):
        provider.decrypt(DATA, sealed, aad=b"y")


# Settings
@pytest.mark.parametrize("changes", [
    {"url": "http://10.0.0.1/signature"}, {"url": "http://crypto.example"}, {"url": "ftp://127.0.0.1"}, {"url": ""},
    {"url": "http://"}, {"secret": Secret(b"short")}])
def test_settings_that_are_refused(changes):
    with pytest.raises(PolicyError):
        Service(**{"url": "https://crypto.example", "app": "a", "secret": Secret(bytes(16))} | changes)


def test_settings_show_no_secret():
    service = Service("http://[::1]:8000", "a", Secret(b"very secret bytes"))
    assert "very" not in repr(service)


def test_health(simulator, provider):
    assert provider.health().ready
    simulator.services.status = "degraded"
    health = provider.health()
    assert not health.ready
    assert [name for name, problem in health.checks if problem] == ["signatures", "data"]
    with simulator.fault(path="/v1/health", status=503):
        assert not provider.health().ready


# Batches
def test_batches():
    assert list(batches([], 5, 100)) == []
    assert list(batches([1] * 5, 2, 100)) == [slice(0, 2), slice(2, 4), slice(4, 5)]
    assert list(batches([60, 60, 10, 200, 1], 10, 100)) == [slice(0, 1), slice(1, 3), slice(3, 4), slice(4, 5)]
    assert list(batches([50, 50, 1], 10, 100)) == [slice(0, 2), slice(2, 3)]
    assert list(batches([60, 60, 40], 10, 100)) == [slice(0, 1), slice(1, 3)]
    assert list(batches([200, 1], 10, 100)) == [slice(0, 1), slice(1, 2)]


def test_one_call_per_batch(simulator, connect):
    provider = connect(batch=100)
    messages = [b"%d" % number for number in range(250)]
    macs = provider.macs(DATA, messages)
    assert asked(simulator, "/v1/macs") == 3
    assert provider.verify_macs(DATA, [(message, mac.value) for message, mac in zip(messages, macs)]) == [True] * 250
    provider.sign_many(PAIR, messages[:150])
    assert asked(simulator, "/v1/signatures") == 2
    assert asked(simulator, "/v1/keys/sign/versions/1") == 1, "the public key is asked for once"


def test_many_threads(simulator, provider):
    start = threading.Barrier(6)

    def work(number):
        start.wait()
        return provider.macs(DATA, [b"%d" % number])[0].value

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(work, range(6)))
    assert found == [provider.mac(DATA, b"%d" % number).value for number in range(6)]

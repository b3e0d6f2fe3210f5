"""Calls to a service: pooled connections, time-outs, repeated where that can help, signed both ways."""
import json
import os
import random
import secrets
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass

import urllib3
from urllib3.exceptions import HTTPError, SSLError

from ...errors import (
    CryptoError,
    DecryptionFailed,
    EncodingError,
    KeyMissing,
    PolicyError,
    ProviderRefused,
    ProviderUnavailable,
    VerificationFailed,
)
from . import signing, wire
from .breaker import Breaker
from .settings import Service

# HTTP states that pass by themselves
BUSY = (429, 500, 502, 503, 504)
ERRORS = {
    "key_missing": KeyMissing, "verification_failed": VerificationFailed, "decryption_failed": DecryptionFailed,
    "encoding": EncodingError, "policy": PolicyError,
}


@dataclass
class Clocks:
    """Time and chance, so that tests need no patience."""

    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = lambda: random.uniform(0.5, 1.5)


class Busy(ProviderUnavailable):
    """A failure that may be over at the next attempt; `pause` is what the service asks to wait."""

    def __init__(self, message: str, pause: float = 0.0):
        super().__init__(message)
        self.pause = pause


_transports: "weakref.WeakSet[Transport]" = weakref.WeakSet()


class Transport:
    """One service. Safe for threads; a child process opens connections of its own."""

    def __init__(self, service: Service, clocks: Clocks | None = None):
        self.service, self._clocks = service, clocks or Clocks()
        self.breaker = Breaker(service.failures, service.rest, self._clocks.monotonic)
        self._renew()
        _transports.add(self)

    def _renew(self) -> None:
        service = self.service
        self._lock = threading.Lock()
        self._pool = urllib3.PoolManager(
            num_pools=1, maxsize=service.connections, block=True, retries=False,
            cert_reqs="CERT_REQUIRED", ca_certs=service.ca_file or None,
            cert_file=service.client_certificate or None, key_file=service.client_key or None)

    def _after_fork(self) -> None:
        self._renew()
        self.breaker = Breaker(self.service.failures, self.service.rest, self._clocks.monotonic)

    def close(self) -> None:
        self._pool.clear()

    def call(self, method: str, path: str, body: dict | None = None, *, repeatable: bool = True) -> dict:
        """Ask until answered, refused, or out of attempts or time. `repeatable`: asking twice does no harm."""
        content = b"" if body is None else json.dumps(body, separators=(",", ":")).encode()
        deadline = self._clocks.monotonic() + self.service.deadline
        pause = self.service.first_pause
        for left in reversed(range(self.service.attempts if repeatable else 1)):
            try:
                return self._attempt(method, path, content, deadline)
            except Busy as failure:
                wait = max(min(pause * self._clocks.jitter(), self.service.longest_pause), failure.pause)
                if not left or self._clocks.monotonic() + wait >= deadline:
                    raise ProviderUnavailable(str(failure)) from failure
            self._clocks.sleep(wait)
            pause *= 2
        raise AssertionError("unreachable")

    def _attempt(self, method: str, path: str, content: bytes, deadline: float) -> dict:
        self.breaker.enter()
        try:
            answer = self._exchange(method, path, content, deadline)
        except ProviderUnavailable:
            self.breaker.failed()
            raise
        except CryptoError:
            self.breaker.succeeded()  # it did answer
            raise
        except BaseException:
            self.breaker.failed()
            raise
        self.breaker.succeeded()
        return answer

    def _exchange(self, method: str, path: str, content: bytes, deadline: float) -> dict:
        service, nonce = self.service, secrets.token_urlsafe(18)
        headers = signing.request_headers(
            service.secret, service.app, method, path, content, int(self._clocks.now()), nonce)
        headers["Content-Type"] = headers["Accept"] = "application/json"
        left = max(deadline - self._clocks.monotonic(), 0.001)
        timeout = urllib3.Timeout(connect=min(service.connect_timeout, left), read=min(service.read_timeout, left))
        try:
            response = self._pool.request(
                method, service.url.rstrip("/") + path, body=content or None, headers=headers, redirect=False,
                timeout=timeout, preload_content=False, pool_timeout=left)
        except SSLError as error:
            raise ProviderRefused("the service does not prove to be itself (TLS)") from error
        except HTTPError as error:
            raise Busy(f"the service does not answer: {type(error).__name__}") from error
        status, body = self._read(response, deadline)
        if status in BUSY:
            raise Busy(f"the service answers {status}", _pause(response.headers, service.longest_pause))
        signing.check_answer(service.secret, response.headers, nonce, status, body)
        answer = wire.parse(body)
        if status != 200:
            raise _refusal(status, answer)
        return answer

    def _read(self, response, deadline: float) -> tuple[int, bytes]:
        """The whole body: limited in size, and in time, so that a dripping server does not hold us."""
        parts, size = [], 0
        try:
            while part := response.read1(65_536):
                parts.append(part)
                size += len(part)
                if size > self.service.answer_bytes:
                    raise ProviderRefused("the answer of the service is too long")
                if self._clocks.monotonic() > deadline:
                    raise Busy("the service answers too slowly")
        except HTTPError as error:
            raise Busy(f"the service stopped answering: {type(error).__name__}") from error
        except CryptoError:
            response.close()
            raise
        response.release_conn()
        return response.status, b"".join(parts)


def _pause(headers, longest: float) -> float:
    asked = headers.get("Retry-After", "")
    return min(float(asked), longest) if asked.isdecimal() else 0.0


def _refusal(status: int, answer: dict) -> CryptoError:
    code = answer.get("code")
    if kind := ERRORS.get(code if isinstance(code, str) else ""):
        return kind(f"the service refused: {code}")
    return ProviderRefused(f"the service refused: {status}", code if isinstance(code, str) else status)


def _after_fork() -> None:
    for transport in _transports:
        transport._after_fork()


os.register_at_fork(after_in_child=_after_fork)

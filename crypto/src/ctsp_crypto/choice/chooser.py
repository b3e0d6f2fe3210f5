"""`Choice`: asked for a port, gives the provider that is configured for it and has passed its self-test.

Fail closed: an unassigned port, a provider that answered its self-test wrongly, or one that cannot be asked, raises.
There is no second choice, or a broken device would quietly become software.
"""
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .. import ports
from ..errors import PolicyError, ProviderRefused, ProviderUnavailable
from ..results import Health
from . import selftest

PORTS = {
    "digester": ports.Digester, "macer": ports.Macer, "cipher": ports.Cipher, "signer": ports.Signer,
    "verifier": ports.Verifier, "public_key_cipher": ports.PublicKeyCipher, "key_agreement": ports.KeyAgreement,
    "key_maker": ports.KeyMaker, "random_source": ports.RandomSource,
    "certificate_verifier": ports.CertificateVerifier, "time_stamper": ports.TimeStamper,
}
RETEST = 5.0  # seconds between attempts to test a provider that could not be asked


def serves(provider: object, port: str) -> bool:
    """Whether a provider has the methods of a port and is configured to do what they say."""
    return isinstance(provider, PORTS[port]) and port not in getattr(provider, "unserved", ())


@dataclass(frozen=True)
class Tested:
    """Outcome of a self-test: `passed`, or `problem` and whether it may go away."""

    passed: bool
    problem: str = ""
    temporary: bool = False
    at: float = 0.0
    checks: tuple[tuple[str, str], ...] = ()


class Choice:
    """`assigned`: name of a port → name of a provider. Tests each provider once, before its first use or at `start`."""

    def __init__(
        self, providers: Mapping[str, object], assigned: Mapping[str, str],
        probes: Mapping[str, selftest.Probe] | None = None, clock: Callable[[], float] = time.monotonic,
    ):
        self._providers, self._assigned = dict(providers), dict(assigned)
        self._probes, self._clock = dict(probes or {}), clock
        self._tested: dict[str, Tested] = {}
        for port, name in self._assigned.items():
            self._check_assignment(port, name)

    def _check_assignment(self, port: str, name: str) -> None:
        if port not in PORTS:
            raise PolicyError(f"there is no port “{port}”; ports: {', '.join(PORTS)}")
        if name not in self._providers:
            raise PolicyError(f"port “{port}” names the provider “{name}”, which is not configured")
        if not serves(self._providers[name], port):
            missing = getattr(self._providers[name], "unserved", {}).get(port)
            why = f": {missing}" if missing else ""
            raise PolicyError(f"provider “{name}” does not serve the port “{port}”{why}")

    def of(self, port: type | str):
        """The provider of a port (`of(ports.Signer)` or `of("signer")`)."""
        name = port if isinstance(port, str) else next(key for key, kind in PORTS.items() if kind is port)
        if name not in self._assigned:
            raise PolicyError(f"no provider is configured for the port “{name}”")
        chosen = self._assigned[name]
        tested = self._test(chosen)
        if tested.passed:
            return self._providers[chosen]
        if tested.temporary:
            raise ProviderUnavailable(f"provider “{chosen}” cannot be tested: {tested.problem}")
        raise ProviderRefused(f"provider “{chosen}” failed its self-test: {tested.problem}")

    def start(self) -> list[Health]:
        """Test everything that is assigned, now; the report says what may not be used."""
        for name in self._used():
            self._test(name)
        return self.health()

    def health(self) -> list[Health]:
        """Of every provider in use: its own report, with the ports it serves here and the checks of its self-test."""
        return [self._report(name) for name in self._used()]

    def state(self, name: str) -> str:
        """Of a provider: "untested", "passed", "unavailable" (it will be tested again), "failed" (for good)."""
        tested = self._tested.get(name)
        if tested is None:
            return "untested"
        return "passed" if tested.passed else "unavailable" if tested.temporary else "failed"

    def assignments(self) -> dict[str, str]:
        return dict(self._assigned)

    def close(self) -> None:
        for provider in self._providers.values():
            if close := getattr(provider, "close", None):
                close()

    def _used(self) -> list[str]:
        return [name for name in self._providers if name in self._assigned.values()]

    def _report(self, name: str) -> Health:
        tested, own = self._tested.get(name), self._providers[name].health()
        if tested is None:
            return Health(name, False, "not tested yet", own.checks)
        if not tested.passed:
            return Health(name, False, tested.problem, own.checks + tested.checks)
        return Health(name, own.ready, own.detail, own.checks + tested.checks)

    def _test(self, name: str) -> Tested:
        """A wrong answer is remembered for good; an unreachable provider is asked again after a while.

        Two threads may test at once: both get the same outcome.
        """
        known = self._tested.get(name)
        if known and (not known.temporary or self._clock() - known.at < RETEST):
            return known
        self._tested[name] = self._outcome(name)
        return self._tested[name]

    def _outcome(self, name: str) -> Tested:
        try:
            checks = selftest.run(self._providers[name], self._probes.get(name))
        except ProviderUnavailable as error:
            return Tested(False, str(error), temporary=True, at=self._clock())
        wrong = "; ".join(f"{check}: {problem}" for check, problem in checks if problem)
        return Tested(not wrong, wrong, checks=checks)

"""A time stamp authority and a service for certificates for tests, as the cloud's are: no network."""
from datetime import UTC, datetime, timedelta

from ctsp_crypto.certificates import Certificate
from ctsp_crypto.choice.chooser import Choice
from ctsp_crypto.errors import ProviderUnavailable, VerificationFailed
from ctsp_crypto.providers.cloud import stamps
from ctsp_crypto.providers.standard import StandardProvider
from ctsp_crypto.results import CertificateVerdict, Health, TimeStamp

from ..tools import machine

STANDARD = StandardProvider()


class Authority:
    """``away``: it cannot be reached; ``late``: how wrong its clock is."""

    name = "authority"

    def __init__(self):
        self.away, self.late, self.calls = False, timedelta(), 0
        self.pair = STANDARD.generate_key_pair()

    def health(self):
        return Health(self.name, True, "")

    def time_stamp(self, digest):
        self.calls += 1
        if self.away:
            raise ProviderUnavailable("no answer")
        part = stamps.signed_part(digest, datetime.now(UTC) + self.late, self.calls)
        return self.verify_time_stamp(digest, stamps.write(part, STANDARD.sign(self.pair, part).value))

    def verify_time_stamp(self, digest, token):
        at = stamps.read(token, digest, [self.pair.public], STANDARD)
        return TimeStamp(token, digest, at.isoformat(), self.name, "示例时间戳机构")


class Office:
    """A service for certificates. ``refused``: fingerprints it does not accept; ``trouble``: what it raises."""

    name = "office"

    def __init__(self):
        self.refused, self.trouble, self.calls = set(), None, []

    def health(self):
        return Health(self.name, True, "")

    def verify_certificate(self, certificate, *, at, usage="sign"):
        known = Certificate(certificate)
        self.calls.append(at)
        if self.trouble:
            raise self.trouble
        if known.fingerprint() in self.refused:
            raise VerificationFailed("the certificate does not hold")
        return CertificateVerdict(known.subject_text, known.serial_text, known.not_after.isoformat(), self.name)


def chosen(provider, port="time_stamper"):
    """Return the choice of this process with ``provider`` for ``port`` beside it."""
    own = machine.providers().choice
    return Choice({**own._providers, provider.name: provider}, own.assignments() | {port: provider.name})

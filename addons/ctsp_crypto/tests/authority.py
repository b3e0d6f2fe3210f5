"""A time stamp authority for tests, in the form of the contract with the cloud: no network."""
from datetime import UTC, datetime, timedelta

from ctsp_crypto.choice.chooser import Choice
from ctsp_crypto.errors import ProviderUnavailable
from ctsp_crypto.providers.cloud import stamps
from ctsp_crypto.providers.standard import StandardProvider
from ctsp_crypto.results import Health, TimeStamp

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


def chosen(authority):
    """Return the choice of this process with ``authority`` for time stamps beside it."""
    own = machine.providers().choice
    providers = {**own._providers, authority.name: authority}
    return Choice(providers, own.assignments() | {"time_stamper": authority.name})

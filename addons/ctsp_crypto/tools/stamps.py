"""Time stamps over signatures of papers: asking for one, and what its time may be."""
from datetime import UTC, datetime, timedelta

from ctsp_crypto.errors import ProviderRefused, ProviderUnavailable

TOLERANCE = timedelta(minutes=5)
"""between the authority's clock and the server's"""


def fresh(providers, digest):
    """Return a new time stamp over ``digest``; :raise ProviderRefused: it is of another time than now."""
    stamp = providers.time_stamp(digest)
    now = datetime.now(UTC)
    if abs(datetime.fromisoformat(stamp.at) - now) > TOLERANCE:
        raise ProviderRefused(f"the time stamp says {stamp.at}, the clock of the server {now.isoformat()}")
    return stamp


class Asking:
    """The authority as a signature under way asks it. Where it is away, ``owed`` is what it is to be asked for later.

    :param required: without a time stamp there is no signature either
    """

    def __init__(self, providers, required):
        self._providers, self._required, self.owed = providers, required, None

    def time_stamp(self, digest):
        try:
            return fresh(self._providers, digest)
        except ProviderUnavailable:
            if self._required:
                raise
            self.owed = digest
            return None

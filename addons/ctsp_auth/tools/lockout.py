"""How long somebody who guesses has to wait: longer with each failure. Pure; times are naive UTC."""
import ipaddress
import math
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Policy:
    """``after`` failures the first wait of ``seconds``, then twice as long each time, up to ``longest`` seconds."""

    after: int
    seconds: int
    longest: int

    def wait(self, failures: int) -> int:
        """Return the seconds to wait after that many failures in a row. ``after`` 0: never."""
        if not self.after or failures < self.after:
            return 0
        doubled = min(failures - self.after, 30)
        return min(self.seconds * 2**doubled, max(self.longest, self.seconds))

    def left(self, failures: int, last: datetime | None, now: datetime) -> int:
        """Return the seconds that are left of the wait after the last failure."""
        if last is None:
            return 0
        end = last + timedelta(seconds=self.wait(failures))
        return max(0, math.ceil((end - now).total_seconds()))


def within(address: str | None, networks) -> bool:
    """Say whether ``address`` lies in one of ``networks`` (CIDR or single addresses); nonsense lies in none."""
    try:
        place = ipaddress.ip_address((address or "").strip())
    except ValueError:
        return False
    place = getattr(place, "ipv4_mapped", None) or place
    for network in networks:
        try:
            if place in ipaddress.ip_network(str(network).strip(), strict=False):
                return True
        except ValueError:
            continue
    return False

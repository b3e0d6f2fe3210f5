"""A circuit breaker: after failures in a row nobody waits for a dead service; now and then one call tries."""
import threading
from collections.abc import Callable

from ...errors import ProviderUnavailable


class Breaker:
    """Closed (calls pass), open (none passes), half open (one passes; its outcome decides)."""

    def __init__(self, failures: int, rest: float, clock: Callable[[], float]):
        self._limit, self._rest, self._clock = failures, rest, clock
        self._lock = threading.Lock()
        self._failed = 0
        self._opened: float | None = None
        self._probing = False

    @property
    def state(self) -> str:
        with self._lock:
            if self._opened is None:
                return "closed"
            return "half open" if self._probing or self._clock() - self._opened >= self._rest else "open"

    def enter(self) -> None:
        """Raises while open."""
        with self._lock:
            if self._opened is None:
                return
            if self._probing or self._clock() - self._opened < self._rest:
                raise ProviderUnavailable("the service failed repeatedly and is left in peace for a while")
            self._probing = True

    def succeeded(self) -> None:
        with self._lock:
            self._failed, self._opened, self._probing = 0, None, False

    def failed(self) -> None:
        with self._lock:
            self._failed += 1
            if self._probing or self._failed >= self._limit:
                self._opened = self._clock()
            self._probing = False

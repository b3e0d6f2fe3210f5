"""How often within a time, in this process. Pure; safe for threads."""
import threading
from collections import deque

MOST = 10_000  # who is told apart at one time


class Pace:
    """Lets each one through ``times`` within ``seconds``."""

    def __init__(self, times: int, seconds: float):
        self._times, self._seconds = times, seconds
        self._when = {}
        self._lock = threading.Lock()

    def takes(self, who, now: float) -> bool:
        """Say whether ``who`` may once more, and count it if he may."""
        with self._lock:
            if len(self._when) >= MOST:
                self._when.clear()
            when = self._when.setdefault(who, deque())
            while when and now - when[0] >= self._seconds:
                when.popleft()
            if len(when) >= self._times:
                return False
            when.append(now)
            return True

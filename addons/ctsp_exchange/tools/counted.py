"""Counts what happens again and again, so that it is written down once in a while. Pure; safe for threads."""
import threading

MOST = 10_000  # things that are told apart at one time


class Counted:
    """Remembers, for ``seconds`` each, what was told."""

    def __init__(self, seconds: float):
        self._seconds = seconds
        self._since = {}
        self._lock = threading.Lock()

    def repeated(self, what, now: float) -> int | None:
        """Return None for what was told within the last ``seconds``; else how often it came since it was, untold."""
        with self._lock:
            told, times = self._since.get(what, (None, 0))
            if told is not None and now - told < self._seconds:
                self._since[what] = told, times + 1
                return None
            if len(self._since) >= MOST:
                self._since.clear()
            self._since[what] = now, 0
            return times

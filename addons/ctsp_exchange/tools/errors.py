"""What a handler or a client says when a message cannot be dealt with."""


class ExchangeError(Exception):
    """``reason``: a sentence that people read, in their language; ``data``: facts beside it."""

    def __init__(self, reason: str, data: dict | None = None):
        super().__init__(reason)
        self.reason, self.data = reason, data or {}


class Retry(ExchangeError):
    """It may work later: the message waits, longer each time."""


class LineTrouble(Retry):
    """Retryable, and the fault of the line or its keys rather than of this message: counts for the breaker."""


class Final(ExchangeError):
    """It will never work as it is: the message becomes a dead letter."""


class Superseded(ExchangeError):
    """A newer version of the same business object was dealt with: this one is set aside."""

"""The present, to the microsecond: waits and durations here are shorter than a second."""
from datetime import UTC, datetime


def now() -> datetime:
    """Return the present as naive UTC."""
    return datetime.now(UTC).replace(tzinfo=None)

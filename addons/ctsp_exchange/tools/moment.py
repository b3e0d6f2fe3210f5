"""The present, to the microsecond: waits and durations here are shorter than a second."""
from datetime import UTC, datetime


def now() -> datetime:
    """Return the present as naive UTC."""
    return datetime.now(UTC).replace(tzinfo=None)


def of(milliseconds: int | None) -> datetime | None:
    """Return the moment that another system gave as milliseconds since 1970; None for none, or one out of reach."""
    if type(milliseconds) is not int or not 0 <= milliseconds < 4 * 10**12:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC).replace(tzinfo=None)


def milliseconds(when: datetime) -> int:
    """Return ``when`` (naive UTC) as milliseconds since 1970."""
    return int(when.replace(tzinfo=UTC).timestamp() * 1000)

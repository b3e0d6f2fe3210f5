"""The date where the law runs: terms are counted in China's days, wherever a server or a user's browser stands."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")


def today() -> date:
    """Return today's date in China."""
    return datetime.now(CHINA).date()


def local_date(moment: datetime) -> date:
    """Return the date in China of a naive UTC ``moment``, as Odoo stores them."""
    return moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(CHINA).date()


def as_date(value: date | datetime | str) -> date:
    """Return the date in China of a date, a naive UTC moment, or the ISO text of either."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if len(value) > 10 else date.fromisoformat(value)
    return local_date(value) if isinstance(value, datetime) else value

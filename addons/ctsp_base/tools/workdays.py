"""Working-day arithmetic (工作日) without a database.

A calendar is two sets of days: official holidays that fall on any day, and make-up days (调休) on which people work
although they are Saturdays or Sundays. Where nothing is known of a year, weekends alone are off.
"""

from collections.abc import Collection
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
HORIZON = 366 * 20  # days; a longer walk means wrong input


def is_workday(day: date, holidays: Collection[date], makeup: Collection[date]) -> bool:
    """Say whether people work on ``day``."""
    if day in makeup:
        return True
    return day.weekday() < 5 and day not in holidays


def add(start: date, days: int, holidays: Collection[date], makeup: Collection[date]) -> date:
    """Return the ``days``-th working day after ``start`` (before it when negative).

    The day of the event itself does not count (民法典 Art. 201). With 0: ``start`` when it is a working day, else the
    next one (民法典 Art. 203: a term that ends on a holiday ends on the day after it).

    :raise ValueError: the walk would go beyond 20 years
    """
    if abs(days) > HORIZON // 2:
        raise ValueError("too many working days")
    step = ONE_DAY if days >= 0 else -ONE_DAY
    day, left = start, abs(days)
    while left:
        day += step
        left -= is_workday(day, holidays, makeup)
    while not is_workday(day, holidays, makeup):
        day += step
    return day


def between(first: date, last: date, holidays: Collection[date], makeup: Collection[date]) -> int:
    """Return the number of working days after ``first`` up to ``last``; negative when it is earlier.

    ``between(d, add(d, n)) == n`` for every n > 0.
    """
    if last < first:
        return -between(last, first, holidays, makeup)
    count, day = 0, first
    while day < last:
        day += ONE_DAY
        count += is_workday(day, holidays, makeup)
    return count

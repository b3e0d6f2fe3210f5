"""Which trials of an institution to look at, and which of their subjects: reasons first, lot for the rest.

Pure; the lot is that of :mod:`.drawing`, so the same seed gives the same sample to whoever repeats it.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from . import drawing


class Candidate(NamedTuple):
    """A trial as far as the choice goes.

    :param key: what the lot is drawn on, e.g. the CTR number
    :param enrolled: subjects enrolled at the institution
    :param inspected: looked at by an earlier inspection
    :param named: named in the inspection's own task
    :param events: serious adverse events known, 0 where none is known
    :param alerts: open risk alerts
    """

    key: str
    enrolled: int = 0
    inspected: bool = False
    named: bool = False
    events: int = 0
    alerts: int = 0


def choose(seed: str, candidates: Sequence[Candidate], count: int) -> list[tuple[str, str]]:
    """Return ``(key, reason)`` of the trials to look at, in the order they were chosen.

    Reasons: ``named`` (all of them), ``events`` (all), ``alerts`` (all), then up to ``count``: ``largest`` (most
    subjects), ``never`` (one that was never inspected, by lot), ``random`` (the rest, by lot).
    """
    chosen: dict[str, str] = {}
    for reason in ("named", "events", "alerts"):
        for candidate in sorted(candidates):
            if getattr(candidate, reason):
                chosen.setdefault(candidate.key, reason)
    enrolled = [candidate for candidate in candidates if candidate.enrolled > 0]
    if enrolled and len(chosen) < count:
        largest = max(enrolled, key=lambda candidate: (candidate.enrolled, candidate.key))
        chosen.setdefault(largest.key, "largest")
    _by_lot(seed, "never", [row for row in candidates if not row.inspected], chosen, min(count, len(chosen) + 1))
    _by_lot(seed, "random", candidates, chosen, count)
    return list(chosen.items())


def _by_lot(seed, reason, candidates, chosen, count):
    left = [candidate.key for candidate in candidates if candidate.key not in chosen]
    for key in drawing.sample(seed, reason, left, max(count - len(chosen), 0)):
        chosen[key] = reason


def subjects(seed: str, key: str, enrolled: int, least: int, percent: int) -> list[int]:
    """Return which of the ``enrolled`` subjects of trial ``key`` to look at: ``percent``, but at least ``least``."""
    count = max(least, math.ceil(enrolled * percent / 100))
    return drawing.positions(seed, f"subjects:{key}", enrolled, count)

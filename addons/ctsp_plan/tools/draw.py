"""Drawing teams for many inspections at once: reproducible from the seed, fair by workload, no database.

Nobody is sent twice on the same days or where he must not go. Among those who may be sent, who has the fewest
inspections comes first; the seed decides among equals. The same seed and the same input give the same teams.
"""
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random


@dataclass(frozen=True)
class Candidate:
    """An inspector who may be drawn: how much he has to do already, and the days that are taken."""

    id: int
    may_lead: bool = False
    workload: int = 0
    taken: tuple[tuple[date, date], ...] = ()


@dataclass(frozen=True)
class Visit:
    """An inspection that needs a team; ``barred`` are the ids of those who must not go there."""

    id: int
    first: date
    last: date
    barred: frozenset[int] = frozenset()


@dataclass
class Team:
    """The result for one visit; ``lack`` says what could not be found: ``leader``, ``members`` or nothing."""

    visit: int
    leader: int | None = None
    members: list[int] = field(default_factory=list)
    lack: str = ""


def overlaps(period: tuple[date, date], first: date, last: date) -> bool:
    """Say whether ``period`` and the days from ``first`` to ``last`` have a day in common."""
    return period[0] <= last and first <= period[1]


def draw(visits: Sequence[Visit], candidates: Sequence[Candidate], size: int, seed: str) -> list[Team]:
    """Return a team of ``size`` people, leader included, for each visit, in the order of ``visits``."""
    load: dict[int, int] = {one.id: one.workload for one in candidates}
    taken: dict[int, list] = {one.id: list(one.taken) for one in candidates}
    people = sorted(candidates, key=lambda one: one.id)
    result = []
    for visit in visits:
        random = Random(f"{seed}/{visit.id}")
        lot = {one.id: random.random() for one in people}
        free = [one for one in people if _is_free(one, visit, taken)]
        result.append(_team(visit, _ranked(free, load, lot), size))
        for one in (result[-1].leader, *result[-1].members):
            if one is not None:
                load[one] += 1
                taken[one].append((visit.first, visit.last))
    return result


def _is_free(one: Candidate, visit: Visit, taken: Mapping[int, list]) -> bool:
    return one.id not in visit.barred and not any(overlaps(it, visit.first, visit.last) for it in taken[one.id])


def _ranked(free, load, lot):
    return sorted(free, key=lambda one: (load[one.id], lot[one.id]))


def _team(visit: Visit, ranked: Sequence[Candidate], size: int) -> Team:
    leader = next((one.id for one in ranked if one.may_lead), None)
    others = [one.id for one in ranked if one.id != leader]
    members = others[:max(size - 1, 1)] if leader is not None else []
    lack = "leader" if leader is None else "members" if len(members) < max(size - 1, 1) else ""
    return Team(visit.id, leader, members, lack)

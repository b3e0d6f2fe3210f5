"""The risk score of an institution: explainable parts between 0 and 100, weighed to a whole between 0 and 100.

No database and no clock of its own: the caller gives the facts and the weights. Each part says by which figures it
came about, so that a planner can tell an institution why it is visited first.
"""
from collections.abc import Mapping
from dataclasses import dataclass

PARTS = ("time", "history", "findings", "volume", "novelty", "alerts")
FULL = 100.0
NEVER_MONTHS = 36
"""an institution that was never inspected counts as one not visited for so many months"""


@dataclass(frozen=True)
class Facts:
    """What is known of an institution on the day of scoring; counts are of the last three years where not said."""

    months_since_visit: float | None = None
    failed: int = 0
    to_rectify: int = 0
    critical: int = 0
    major: int = 0
    minor: int = 0
    overdue_rectifications: int = 0
    running_trials: int = 0
    enrolled: int = 0
    early_trials: int = 0
    new_specialties: int = 0
    new_investigators: int = 0
    serious_alerts: int = 0
    warning_alerts: int = 0
    visited_by_others: bool = False
    """the last visit was another authority's"""
    others_failed: int = 0
    others_to_rectify: int = 0
    others_critical: int = 0
    others_major: int = 0
    others_minor: int = 0
    """what other authorities found weighs as much as what we found"""


@dataclass(frozen=True)
class Part:
    """One part of a score: ``value`` 0–100, ``weight``, the ``points`` it adds to the whole, the figures behind it."""

    code: str
    value: float
    weight: float
    points: float
    figures: Mapping[str, float]


def _capped(value: float) -> float:
    return max(0.0, min(FULL, value))


def _time(facts: Facts):
    """Three years without a visit give the full value; never visited counts as that."""
    months = NEVER_MONTHS if facts.months_since_visit is None else facts.months_since_visit
    return FULL * months / NEVER_MONTHS, {
        "months": -1 if facts.months_since_visit is None else round(months), "others": int(facts.visited_by_others)}


def _history(facts: Facts):
    """One inspection that was not passed is serious, one to rectify is half of that."""
    failed, to_rectify = facts.failed + facts.others_failed, facts.to_rectify + facts.others_to_rectify
    return 70.0 * failed + 30.0 * to_rectify, {
        "failed": failed, "to_rectify": to_rectify, "others": facts.others_failed + facts.others_to_rectify}


def _findings(facts: Facts):
    """A critical defect weighs 40, a major one 10, a minor one 2, an overdue rectification 20."""
    critical, major = facts.critical + facts.others_critical, facts.major + facts.others_major
    minor = facts.minor + facts.others_minor
    value = 40.0 * critical + 10.0 * major + 2.0 * minor + 20.0 * facts.overdue_rectifications
    return value, {
        "critical": critical, "major": major, "minor": minor, "overdue": facts.overdue_rectifications,
        "others": facts.others_critical + facts.others_major + facts.others_minor}


def _volume(facts: Facts):
    """Fifty trials under way, or a thousand people enrolled, give 70 or 20; each trial of phase I or BE adds 5."""
    value = (min(facts.running_trials / 50, 1) * 70 + min(facts.enrolled / 1000, 1) * 20
             + min(facts.early_trials, 6) * 5)
    return value, {"trials": facts.running_trials, "enrolled": facts.enrolled, "early": facts.early_trials}


def _novelty(facts: Facts):
    """Each new specialty weighs 25, each new principal investigator 15 (last twelve months)."""
    return 25.0 * facts.new_specialties + 15.0 * facts.new_investigators, {
        "specialties": facts.new_specialties, "investigators": facts.new_investigators}


def _alerts(facts: Facts):
    """Each open serious alert weighs 40, each open warning 15."""
    return 40.0 * facts.serious_alerts + 15.0 * facts.warning_alerts, {
        "serious": facts.serious_alerts, "warning": facts.warning_alerts}


RULES = {"time": _time, "history": _history, "findings": _findings, "volume": _volume, "novelty": _novelty,
         "alerts": _alerts}


def score(facts: Facts, weights: Mapping[str, float]) -> tuple[float, list[Part]]:
    """Return ``(whole, parts)``; weights are relative to their sum, a part without a weight does not count.

    :raise ValueError: a weight is negative, or all are zero
    """
    used = {code: float(weights.get(code, 0)) for code in PARTS}
    total = sum(used.values())
    if total <= 0 or min(used.values()) < 0:
        raise ValueError("weights must be positive")
    parts = []
    for code in PARTS:
        value, figures = RULES[code](facts)
        value = round(_capped(value), 1)
        parts.append(Part(code, value, used[code], round(value * used[code] / total, 1), figures))
    return round(min(sum(part.points for part in parts), FULL), 1), parts


def frequency(whole: float, high: float, middle: float) -> str:
    """Return how often to inspect: ``twice`` a year, ``yearly``, or every ``second`` year."""
    return "twice" if whole >= high else "yearly" if whole >= middle else "second"

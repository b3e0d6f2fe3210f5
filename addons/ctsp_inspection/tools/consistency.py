"""How sure one can be of a share: Wilson's interval (1927), without a database.

An inspector who found 3 of 10 is not stricter than his peers; one who found 300 of 1,000 may be.
"""
from math import sqrt

Z95 = 1.959964
"""two-sided 95 %"""


def wilson(hits: int, total: int, z: float = Z95) -> tuple[float, float]:
    """Return the interval of the true share in percent; ``(0, 100)`` when nothing is known.

    :raise ValueError: more hits than cases, or negative
    """
    if not 0 <= hits <= total:
        raise ValueError("0 <= hits <= total")
    if not total:
        return 0.0, 100.0
    share, square = hits / total, z * z
    middle = (share + square / (2 * total)) / (1 + square / total)
    half = z * sqrt(share * (1 - share) / total + square / (4 * total * total)) / (1 + square / total)
    return 100 * max(middle - half, 0.0), 100 * min(middle + half, 1.0)


def verdict(low: float, high: float, peers: float) -> str:
    """Return ``above`` or ``below`` when the peers' share lies outside the interval, else ``within``."""
    return "above" if peers < low else "below" if peers > high else "within"

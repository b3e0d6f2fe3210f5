"""Random drawing and sampling that anybody can repeat with a calculator: SM3 instead of a random generator.

Every item gets a ticket: the SM3 digest (GM/T 0004-2012) of ``seed + "\\n" + round + "\\n" + key`` in UTF-8. Its first
13 hex digits, plus 1, over 16¹³ are a number u above 0 and up to 1, and the item's score is −ln(u) × (1 + load). The
lowest scores win. Without loads this is a plain lot; somebody with load 3 comes first a quarter as often as somebody
with none (exponential race, Efraimidis & Spirakis 2006). By hand::

    printf 'SEED\\nleader\\nSL-0001' | openssl dgst -sm3
"""

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from odoo.addons.ctsp_base.tools import digest

DIGITS = 13
"""hex digits of the ticket that count: 52 bits, exact in a double and in a spreadsheet"""


class Lot(NamedTuple):
    """What one item drew: its key, ticket (64 hex digits) and score; low scores win."""

    key: str
    ticket: str
    score: float


def lot(seed: str, round_: str, key: str, load: int = 0) -> Lot:
    """Return what ``key`` draws.

    :param load: work the item has already; 0 for a plain lot
    :raise ValueError: negative load
    """
    if load < 0:
        raise ValueError("negative load")
    ticket = digest.sm3(f"{seed}\n{round_}\n{key}".encode())
    number = (int(ticket[:DIGITS], 16) + 1) / 16 ** DIGITS  # never 0
    return Lot(key, ticket, -math.log(number) * (1 + load))


def draw(seed: str, round_: str, loads: Mapping[str, int]) -> list[Lot]:
    """Return the lots of all items, the winner first. The order of ``loads`` plays no part."""
    lots = (lot(seed, round_, key, load) for key, load in loads.items())
    return sorted(lots, key=lambda drawn: (drawn.score, drawn.ticket, drawn.key))


def sample(seed: str, round_: str, keys: Iterable[str], count: int) -> list[str]:
    """Return ``count`` of ``keys`` (all when there are fewer), drawn by plain lot, in the order drawn."""
    return [drawn.key for drawn in draw(seed, round_, dict.fromkeys(keys, 0))[:count]]


def positions(seed: str, round_: str, total: int, count: int) -> list[int]:
    """Return ``count`` different numbers of 1 … ``total``, ascending: which subjects of a trial to look at."""
    return sorted(int(key) for key in sample(seed, round_, map(str, range(1, total + 1)), count))

"""Shamir's secret sharing over GF(2^8): any `threshold` of the shares give the secret back, fewer tell nothing
at all. Pure.

The field is that of AES (x^8 + x^4 + x^3 + x + 1). A share is one byte of index, 1 to 255, and as many bytes as
the secret.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..errors import EncodingError, PolicyError
from ..secret import Secret

MAX_SHARES = 16


@dataclass(frozen=True)
class Share:
    index: int
    value: Secret


def _multiply(a: int, b: int) -> int:
    """Without tables and branches on the data."""
    result = 0
    for _ in range(8):
        result ^= a & -(b & 1)
        a = (a << 1) ^ (0x11B & -(a >> 7))
        b >>= 1
    return result & 0xFF


def _inverse(a: int) -> int:
    """a^254."""
    result, power = 1, a
    for bit in range(8):
        if 254 >> bit & 1:
            result = _multiply(result, power)
        power = _multiply(power, power)
    return result


def split(secret: Secret, threshold: int, count: int, random: Callable[[int], bytes]) -> list[Share]:
    """`random` gives that many random bytes."""
    if not 2 <= threshold <= count <= MAX_SHARES:
        raise PolicyError(f"between 2 and {MAX_SHARES} custodians, of whom at least 2 are needed")
    data = secret.reveal()
    rows = [random(len(data)) for _ in range(threshold - 1)]
    return [
        Share(index, Secret(bytes(_at(index, byte, [row[at] for row in rows]) for at, byte in enumerate(data))))
        for index in range(1, count + 1)
    ]


def _at(x: int, constant: int, coefficients: list[int]) -> int:
    result = 0
    for coefficient in reversed(coefficients):
        result = _multiply(result, x) ^ coefficient
    return _multiply(result, x) ^ constant


def join(shares: Sequence[Share]) -> Secret:
    """What the shares give. Too few or a wrong one give something else: whoever uses the result must check it."""
    if len({share.index for share in shares}) != len(shares) or not all(1 <= share.index <= 255 for share in shares):
        raise EncodingError("each share is given once")
    if len({len(share.value) for share in shares}) != 1:
        raise EncodingError("shares of different secrets")
    weights = [_weight(share.index, [other.index for other in shares if other is not share]) for share in shares]
    values = [share.value.reveal() for share in shares]
    size = len(values[0])
    return Secret(
        bytes(_sum(_multiply(weight, value[at]) for weight, value in zip(weights, values)) for at in range(size))
    )


def _weight(own: int, others: list[int]) -> int:
    """Lagrange's polynomial at zero."""
    result = 1
    for other in others:
        result = _multiply(result, _multiply(other, _inverse(own ^ other)))
    return result


def _sum(values) -> int:
    result = 0
    for value in values:
        result ^= value
    return result

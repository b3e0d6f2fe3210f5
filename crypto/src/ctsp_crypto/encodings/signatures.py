"""SM2 signatures: raw r‖s (64 bytes) and DER SM2Signature ::= SEQUENCE { r INTEGER, s INTEGER } (GB/T 35276 §7.3)."""
from .. import algorithms, sm2
from ..errors import EncodingError
from . import der

_SIZE = algorithms.SM2_FIELD_SIZE


def split(raw: bytes) -> tuple[int, int]:
    """r and s, each in [1, n-1]."""
    if len(raw) != algorithms.SM2_SIGNATURE_SIZE:
        raise EncodingError("a raw SM2 signature is 64 bytes")
    return _checked(int.from_bytes(raw[:_SIZE], "big"), int.from_bytes(raw[_SIZE:], "big"))


def to_der(raw: bytes) -> bytes:
    r, s = split(raw)
    return der.sequence(der.write_integer(r), der.write_integer(s))


def to_raw(encoded: bytes) -> bytes:
    content = der.read_all(encoded, der.SEQUENCE)
    r, rest = der.read_integer(content)
    s, rest = der.read_integer(rest)
    if rest:
        raise EncodingError("an SM2 signature has two integers")
    return join(r, s)


def join(r: int, s: int) -> bytes:
    _checked(r, s)
    return r.to_bytes(_SIZE, "big") + s.to_bytes(_SIZE, "big")


def read(value: bytes) -> bytes:
    """Raw of either form: 64 bytes are raw (a DER one of a real signature is longer), all else must be DER."""
    if len(value) == algorithms.SM2_SIGNATURE_SIZE:
        split(value)
        return value
    return to_raw(value)


def _checked(r: int, s: int) -> tuple[int, int]:
    if not (1 <= r < sm2.N and 1 <= s < sm2.N):
        raise EncodingError("r and s of an SM2 signature are in [1, n-1]")
    return r, s

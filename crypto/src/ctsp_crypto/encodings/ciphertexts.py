"""SM2 ciphertexts. Ours is 04‖C1‖C3‖C2 (GB/T 32918.4-2016): point (65), SM3 (32), as many bytes as the plaintext.

Other forms: without the 04; C1C2C3 of the 2010 draft; DER SM2Cipher ::= SEQUENCE { x INTEGER, y INTEGER,
hash OCTET STRING (32), cipher OCTET STRING } (GB/T 35276 §7.2). None says which it is: the sender must.
"""
from enum import Enum

from .. import sm2
from ..errors import EncodingError
from . import der

C1, C3 = 65, 32
C2_START = C1 + C3


class Form(Enum):
    """How a ciphertext is laid out."""

    C1C3C2 = "C1C3C2"
    C1C2C3 = "C1C2C3"
    BARE_C1C3C2 = "C1C3C2 without 04"
    BARE_C1C2C3 = "C1C2C3 without 04"
    DER = "DER"


def check(value: bytes) -> None:
    """Form and curve of 04‖C1‖C3‖C2; C3 only the holder of the key can check."""
    if len(value) <= C2_START:
        raise EncodingError("an SM2 ciphertext has more than 97 bytes")
    sm2.check_point(value[:C1])


def to_der(value: bytes) -> bytes:
    check(value)
    x, y = (int.from_bytes(value[start:start + 32], "big") for start in (1, 33))
    return der.sequence(der.write_integer(x), der.write_integer(y),
                        der.write(der.OCTETS, value[C1:C2_START]), der.write(der.OCTETS, value[C2_START:]))


def from_der(encoded: bytes) -> bytes:
    content = der.read_all(encoded, der.SEQUENCE)
    x, rest = der.read_integer(content)
    y, rest = der.read_integer(rest)
    digest, rest = der.read(rest, der.OCTETS)
    cipher = der.read_all(rest, der.OCTETS)
    if len(digest) != C3 or max(x, y) >= sm2.P:
        raise EncodingError("not an SM2Cipher")
    value = b"\x04" + x.to_bytes(32, "big") + y.to_bytes(32, "big") + digest + cipher
    check(value)
    return value


def write(value: bytes, form: Form) -> bytes:
    """Our form into another."""
    if form is Form.DER:
        return to_der(value)
    check(value)
    if form in (Form.C1C2C3, Form.BARE_C1C2C3):
        value = value[:C1] + value[C2_START:] + value[C1:C2_START]
    return value[1:] if form in (Form.BARE_C1C3C2, Form.BARE_C1C2C3) else value


def read(encoded: bytes, form: Form) -> bytes:
    """Another form into ours."""
    if form is Form.DER:
        return from_der(encoded)
    value = b"\x04" + encoded if form in (Form.BARE_C1C3C2, Form.BARE_C1C2C3) else encoded
    if form in (Form.C1C2C3, Form.BARE_C1C2C3):
        value = value[:C1] + value[-C3:] + value[C1:-C3]
    check(value)
    return value

"""The recommended curve of GB/T 32918.5 and what is computed of it without a private key."""
import hashlib
from collections.abc import Iterable

from . import algorithms
from .errors import EncodingError
from .material import PublicKey

P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
GX = 0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7
GY = 0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0

_PARAMETERS = b"".join(value.to_bytes(32, "big") for value in (A, B, GX, GY))
MAX_ID_SIZE = 8190  # its length in bits is written in two bytes; libcrypto stops one short of what they hold


def identity_digest(key: PublicKey, user_id: bytes = algorithms.DEFAULT_ID) -> bytes:
    """ZA of GB/T 32918.2 §5.5: the signer's identity, the curve and the public key in one SM3 value."""
    check_id(user_id)
    bits = (len(user_id) * 8).to_bytes(2, "big")
    return hashlib.new("sm3", bits + user_id + _PARAMETERS + key.point[1:]).digest()


def message_digest(
    key: PublicKey, message: bytes | Iterable[bytes], user_id: bytes = algorithms.DEFAULT_ID
) -> bytes:
    """e = SM3(ZA ‖ message), for `sign_digest` and `verify_digest`; the message may come in pieces."""
    state = hashlib.new("sm3", identity_digest(key, user_id))
    for chunk in (message,) if isinstance(message, bytes) else message:
        state.update(chunk)
    return state.digest()


def check_id(user_id: bytes) -> None:
    if not 1 <= len(user_id) <= MAX_ID_SIZE:
        raise EncodingError(f"an SM2 user id has 1 to {MAX_ID_SIZE} bytes")


def is_on_curve(x: int, y: int) -> bool:
    return 0 <= x < P and 0 <= y < P and (y * y - (x * x * x + A * x + B)) % P == 0


def check_point(point: bytes) -> None:
    """`point` is 04‖x‖y."""
    if len(point) != algorithms.SM2_POINT_SIZE or point[0] != 4:
        raise EncodingError("an SM2 point is 65 bytes beginning with 04")
    if not is_on_curve(int.from_bytes(point[1:33], "big"), int.from_bytes(point[33:], "big")):
        raise EncodingError("the point is not on the SM2 curve")


def check_private(secret: bytes) -> None:
    """d is in [1, n-2] (GB/T 32918.1 §6.1)."""
    if len(secret) != algorithms.SM2_FIELD_SIZE or not 1 <= int.from_bytes(secret, "big") <= N - 2:
        raise EncodingError("an SM2 private key is 32 bytes, in [1, n-2]")

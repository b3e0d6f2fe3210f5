"""SM2 key exchange (GB/T 32918.3). libcrypto's EVP does not know it: its point arithmetic does, in constant time."""
import ctypes
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from ... import algorithms, sm2
from ...errors import EncodingError, VerificationFailed
from ...material import PrivateKey, PublicKey
from ...secret import Secret
from .libcrypto import LibraryError, Owned, check, load

_W = 1 << 127  # 2^w with w = ⌈⌈log2 n⌉ / 2⌉ - 1
_UNCOMPRESSED = 4
MAX_KEY_SIZE = 1024


@dataclass(frozen=True)
class Sides:
    """Both parties as one of them sees them."""

    own: PrivateKey
    own_public: PublicKey
    ephemeral: PrivateKey
    ephemeral_public: PublicKey
    peer: PublicKey
    peer_ephemeral: PublicKey
    own_id: bytes
    peer_id: bytes
    initiator: bool

    def ordered(self, own: bytes, peer: bytes) -> bytes:
        """The initiator's part first, whoever computes."""
        return own + peer if self.initiator else peer + own


def derive(
    sides: Sides, multiply: Callable[[int, bytes, int, bytes], bytes], size: int
) -> tuple[Secret, bytes, bytes]:
    """Shared key, confirmation to send, confirmation to expect. `multiply(t, P, u, R)` is [t]P + [u]R."""
    if not 1 <= size <= MAX_KEY_SIZE:
        raise EncodingError(f"a shared key has 1 to {MAX_KEY_SIZE} bytes")
    for key in (sides.peer, sides.peer_ephemeral):
        sm2.check_point(key.point)
    own_x, peer_x = _reduced(sides.ephemeral_public), _reduced(sides.peer_ephemeral)
    t = (_scalar(sides.own) + own_x * _scalar(sides.ephemeral)) % sm2.N
    shared = multiply(t, sides.peer.point, t * peer_x % sm2.N, sides.peer_ephemeral.point)[1:]
    identities = sides.ordered(
        sm2.identity_digest(sides.own_public, sides.own_id), sm2.identity_digest(sides.peer, sides.peer_id))
    points = sides.ordered(sides.ephemeral_public.point[1:], sides.peer_ephemeral.point[1:])
    inner = _sm3(shared[:32] + identities + points)
    by_initiator, by_responder = (_sm3(tag + shared[32:] + inner) for tag in (b"\x03", b"\x02"))
    sent, expected = (by_initiator, by_responder) if sides.initiator else (by_responder, by_initiator)
    return Secret(kdf(shared + identities, size)), sent, expected


def kdf(seed: bytes, size: int) -> bytes:
    """KDF of GB/T 32918.4 §5.4.3."""
    blocks = (_sm3(seed + count.to_bytes(4, "big")) for count in range(1, -(-size // algorithms.DIGEST_SIZE) + 1))
    return b"".join(blocks)[:size]


def multiply(t: int, point: bytes, u: int, other: bytes) -> bytes:
    """[t]point + [u]other, each product on its own: the joint form of libcrypto is not constant-time."""
    library = load()
    try:
        with Owned(library.EC_GROUP_new_by_curve_name(library.OBJ_txt2nid(b"SM2")), "EC_GROUP_free") as group, \
                _product(group, t, point) as left, _product(group, u, other) as right:
            check(library.EC_POINT_add(group, left, left, right, None) == 1)
            out = ctypes.create_string_buffer(algorithms.SM2_POINT_SIZE)
            size = library.EC_POINT_point2oct(group, left, _UNCOMPRESSED, out, len(out), None)
            check(size == len(out))  # the point at infinity is one byte
            return out.raw
    except LibraryError as error:
        raise VerificationFailed("the key exchange failed") from error


def _product(group: int, scalar: int, point: bytes) -> Owned:
    library = load()
    result = Owned(library.EC_POINT_new(group), "EC_POINT_clear_free")
    check(library.EC_POINT_oct2point(group, result.pointer, point, len(point), None) == 1)
    with Owned(library.BN_bin2bn(scalar.to_bytes(32, "big"), 32, None), "BN_clear_free") as number:
        check(library.EC_POINT_mul(group, result.pointer, None, result.pointer, number, None) == 1)
    return result


def _reduced(key: PublicKey) -> int:
    return _W + (int.from_bytes(key.point[1:33], "big") & (_W - 1))


def _scalar(key: PrivateKey) -> int:
    return int.from_bytes(key.secret.reveal(), "big")


def _sm3(data: bytes) -> bytes:
    return hashlib.new("sm3", data).digest()

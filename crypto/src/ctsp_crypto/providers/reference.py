"""SM2 in plain Python, written from GB/T 32918 alone: to cross-check other providers and for known answers.

Not constant-time, so never chosen by configuration (`chooser` does not know it). Strict where the standard is:
ranges of d, k, r and s, points on the curve, C3, and a KDF output of zeros. The random source is an argument.
"""
import hashlib
import hmac
import secrets
from collections.abc import Callable

from .. import algorithms, sm2
from ..encodings import ciphertexts, signatures
from ..errors import DecryptionFailed, EncodingError, VerificationFailed
from ..material import PrivateKey, PublicKey, SymmetricKey
from ..results import Agreement, Encrypted, Health, Signed
from ..secret import Secret
from . import base
from .standard import agreement

# Jacobian coordinates (X, Y, Z) stand for (X/Z², Y/Z³); Z = 0 is the point at infinity
Jacobian = tuple[int, int, int]
INFINITY: Jacobian = (1, 1, 0)
GENERATOR: Jacobian = (sm2.GX, sm2.GY, 1)
P = sm2.P


def double(point: Jacobian) -> Jacobian:
    """2P, with the formula for a = -3."""
    x, y, z = point
    if not z:
        return INFINITY
    delta, gamma = z * z % P, y * y % P
    beta, alpha = x * gamma % P, 3 * (x - delta) * (x + delta) % P
    x3 = (alpha * alpha - 8 * beta) % P
    return x3, (alpha * (4 * beta - x3) - 8 * gamma * gamma) % P, ((y + z) ** 2 - gamma - delta) % P


def add(left: Jacobian, right: Jacobian) -> Jacobian:
    if not left[2]:
        return right
    if not right[2]:
        return left
    (x1, y1, z1), (x2, y2, z2) = left, right
    zz1, zz2 = z1 * z1 % P, z2 * z2 % P
    u1, s1 = x1 * zz2 % P, y1 * z2 * zz2 % P
    h, r = (x2 * zz1 - u1) % P, (y2 * z1 * zz1 - s1) % P
    if not h:
        return INFINITY if r else double(left)
    hh = h * h % P
    hhh, v = h * hh % P, u1 * hh % P
    x3 = (r * r - hhh - 2 * v) % P
    return x3, (r * (v - x3) - s1 * hhh) % P, z1 * z2 * h % P


def multiply(scalar: int, point: Jacobian) -> Jacobian:
    result = INFINITY
    for bit in bin(scalar % sm2.N)[2:]:
        result = double(result)
        if bit == "1":
            result = add(result, point)
    return result


def affine(point: Jacobian) -> tuple[int, int]:
    x, y, z = point
    if not z:
        raise EncodingError("the point at infinity has no coordinates")
    inverse = pow(z, -1, P)
    return x * inverse ** 2 % P, y * inverse ** 3 % P


def to_octets(point: Jacobian) -> bytes:
    return b"\x04" + b"".join(value.to_bytes(32, "big") for value in affine(point))


def from_octets(point: bytes) -> Jacobian:
    sm2.check_point(point)
    return int.from_bytes(point[1:33], "big"), int.from_bytes(point[33:], "big"), 1


def sum_of_products(t: int, point: bytes, u: int, other: bytes) -> bytes:
    """[t]P + [u]R, for the key exchange."""
    try:
        return to_octets(add(multiply(t, from_octets(point)), multiply(u, from_octets(other))))
    except EncodingError as error:
        raise VerificationFailed("the key exchange failed") from error


def draw_scalar() -> int:
    """k in [1, n-1]."""
    return secrets.randbelow(sm2.N - 1) + 1


class ReferenceProvider(base.Batches):
    """Signer, Verifier, PublicKeyCipher, KeyAgreement, KeyMaker. `draw` gives each k: for known answers only."""

    name = "reference"

    def __init__(self, draw: Callable[[], int] = draw_scalar):
        self._draw = draw

    def health(self) -> Health:
        return Health(self.name, True, "pure Python")

    # Signer and Verifier
    def sign(self, key: PrivateKey, message: bytes, *, user_id: bytes = algorithms.DEFAULT_ID) -> Signed:
        return self.sign_digest(key, sm2.message_digest(self.public_key(key), message, user_id))

    def sign_digest(self, key: PrivateKey, digest: bytes) -> Signed:
        base.check_digest(digest)
        d, e = self._scalar(key), int.from_bytes(digest, "big")
        while True:
            k = self._draw()
            r = (e + affine(multiply(k, GENERATOR))[0]) % sm2.N
            if not r or r + k == sm2.N:
                continue
            s = pow(1 + d, -1, sm2.N) * (k - r * d) % sm2.N
            if s:
                break
        return Signed(signatures.join(r, s), algorithms.SM2_SIGN, self.name, key.key_id, key.version)

    def verify(
        self, key: PublicKey, message: bytes, signature: bytes, *, user_id: bytes = algorithms.DEFAULT_ID
    ) -> None:
        self.verify_digest(key, sm2.message_digest(base.clear_public(key, self.name), message, user_id), signature)

    def verify_digest(self, key: PublicKey, digest: bytes, signature: bytes) -> None:
        base.check_digest(digest)
        point = from_octets(base.clear_public(key, self.name).point)
        if not self._holds_for(point, int.from_bytes(digest, "big"), signature):
            raise VerificationFailed("the SM2 signature does not hold")

    def _holds_for(self, point: Jacobian, e: int, signature: bytes) -> bool:
        try:
            r, s = signatures.split(signature)
        except EncodingError:
            return False
        t = (r + s) % sm2.N
        found = add(multiply(s, GENERATOR), multiply(t, point))
        return bool(t and found[2]) and (e + affine(found)[0]) % sm2.N == r

    # PublicKeyCipher
    def encrypt_to(self, key: PublicKey, plaintext: bytes) -> Encrypted:
        base.check_plaintext(plaintext)
        point = from_octets(base.clear_public(key, self.name).point)
        while True:
            k = self._draw()
            shared = to_octets(multiply(k, point))[1:]
            mask = agreement.kdf(shared, len(plaintext))
            if any(mask):
                break
        value = to_octets(multiply(k, GENERATOR)) + self._check_value(shared, plaintext) + xor(plaintext, mask)
        return Encrypted(value, algorithms.SM2_ENCRYPT, self.name, key.key_id, key.version)

    def decrypt_with(self, key: PrivateKey, value: bytes) -> bytes:
        d = self._scalar(key)
        try:
            ciphertexts.check(value)
            shared = to_octets(multiply(d, from_octets(value[:ciphertexts.C1])))[1:]
        except EncodingError as error:
            raise DecryptionFailed("the SM2 ciphertext cannot be decrypted") from error
        masked = value[ciphertexts.C2_START:]
        mask = agreement.kdf(shared, len(masked))
        plaintext = xor(masked, mask)
        given = value[ciphertexts.C1:ciphertexts.C2_START]
        if not any(mask) or not hmac.compare_digest(given, self._check_value(shared, plaintext)):
            raise DecryptionFailed("the SM2 ciphertext cannot be decrypted")
        return plaintext

    @staticmethod
    def _check_value(shared: bytes, plaintext: bytes) -> bytes:
        """C3 = SM3(x2 ‖ M ‖ y2)."""
        return hashlib.new("sm3", shared[:32] + plaintext + shared[32:]).digest()

    # KeyAgreement
    def agree(
        self, own: PrivateKey, own_ephemeral: PrivateKey, peer: PublicKey, peer_ephemeral: PublicKey, *,
        initiator: bool, size: int, own_id: bytes = algorithms.DEFAULT_ID, peer_id: bytes = algorithms.DEFAULT_ID,
    ) -> Agreement:
        sides = agreement.Sides(
            own, self.public_key(own), own_ephemeral, self.public_key(own_ephemeral),
            base.clear_public(peer, self.name), base.clear_public(peer_ephemeral, self.name),
            own_id, peer_id, initiator)
        return Agreement(*agreement.derive(sides, sum_of_products, size), algorithms.SM2_AGREE, self.name)

    # KeyMaker and RandomSource
    def generate_key(self, size: int = algorithms.SM4_KEY_SIZE) -> SymmetricKey:
        return SymmetricKey(Secret(self.random(size)))

    def generate_key_pair(self) -> PrivateKey:
        d = secrets.randbelow(sm2.N - 2) + 1
        return PrivateKey(Secret(d.to_bytes(32, "big")), PublicKey(to_octets(multiply(d, GENERATOR))))

    def public_key(self, key: PrivateKey) -> PublicKey:
        point = to_octets(multiply(self._scalar(key), GENERATOR))
        if key.public and key.public.point != point:
            raise EncodingError("public and private key do not belong together")
        return PublicKey(point, key.key_id, key.version)

    def random(self, size: int) -> bytes:
        return secrets.token_bytes(size)

    def _scalar(self, key: PrivateKey) -> int:
        raw = base.clear_private(key, self.name).secret.reveal()
        sm2.check_private(raw)
        return int.from_bytes(raw, "big")


def xor(left: bytes, right: bytes) -> bytes:
    return (int.from_bytes(left, "big") ^ int.from_bytes(right, "big")).to_bytes(len(left), "big")

"""Keys as they are handed to a provider: clear material for software, a handle where the key never comes out.

Compared and hashed by identity (public keys by value), so that a provider may remember what it made of one.
"""
from dataclasses import dataclass

from . import algorithms
from .errors import EncodingError
from .secret import Secret


@dataclass(frozen=True)
class PublicKey:
    """An SM2 public key: `point` is 04‖x‖y, 65 bytes (GB/T 32918.1 §4.2.9, uncompressed)."""

    point: bytes
    key_id: str = ""
    version: int = 1

    def __post_init__(self):
        if len(self.point) != algorithms.SM2_POINT_SIZE or self.point[0] != 4:
            raise EncodingError("an SM2 public key is 65 bytes beginning with 04")


@dataclass(frozen=True, eq=False)
class PrivateKey:
    """An SM2 private key: `secret` is d, 32 bytes big-endian. `public` where it is known, else providers derive it."""

    secret: Secret
    public: PublicKey | None = None
    key_id: str = ""
    version: int = 1

    def __post_init__(self):
        if len(self.secret) != algorithms.SM2_FIELD_SIZE:
            raise EncodingError("an SM2 private key is 32 bytes")


@dataclass(frozen=True, eq=False)
class SymmetricKey:
    """A key for SM4 (16 bytes) or HMAC-SM3 (16 bytes or more; 32 recommended)."""

    secret: Secret
    key_id: str = ""
    version: int = 1

    def __post_init__(self):
        if len(self.secret) < algorithms.SM4_KEY_SIZE:
            raise EncodingError("a symmetric key is at least 16 bytes")


@dataclass(frozen=True)
class KeyHandle:
    """A key that stays inside the provider. `locator` is in its language: an SDF key index, a cloud key name."""

    locator: str
    key_id: str = ""
    version: int = 1


SecretKey = SymmetricKey | KeyHandle
SigningKey = PrivateKey | KeyHandle
VerifyingKey = PublicKey | KeyHandle

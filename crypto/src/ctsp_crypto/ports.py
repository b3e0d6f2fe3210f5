"""The protocols a provider may serve. Everything is bytes; every result says provider, algorithm and key.

Common to all:
- `KeyMissing`: a handle that leads nowhere. `PolicyError`: a kind of key the provider does not take.
  `EncodingError`: a value of the wrong form or size. `ProviderUnavailable`: later again. `ProviderRefused`: never.
- What is plural takes a sequence, keeps its order, is all or nothing, equals the single calls, and costs a remote
  provider one call (or one per block of its limit). `verify_*` plural answers a list of bool instead of raising.
- Safe for threads, and in a child after `fork`.
"""
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from . import algorithms
from .material import PrivateKey, PublicKey, SecretKey, SigningKey, SymmetricKey, VerifyingKey
from .results import Agreement, CertificateVerdict, Digest, Encrypted, Health, Mac, Signed, TimeStamp


@runtime_checkable
class Provider(Protocol):
    """What every provider is, whatever it serves."""

    name: str

    def health(self) -> Health:
        """Cheap: may be asked every few seconds; never raises."""


@runtime_checkable
class Digester(Protocol):
    """SM3 (GB/T 32905)."""

    def digest(self, message: bytes) -> Digest: ...

    def digests(self, messages: Sequence[bytes]) -> list[Digest]: ...

    def digest_stream(self, chunks: Iterable[bytes]) -> Digest: ...


@runtime_checkable
class Macer(Protocol):
    """HMAC-SM3 (GB/T 15852.2)."""

    def mac(self, key: SecretKey, message: bytes) -> Mac: ...

    def macs(self, key: SecretKey, messages: Sequence[bytes]) -> list[Mac]: ...

    def verify_mac(self, key: SecretKey, message: bytes, mac: bytes) -> None:
        """Constant time; raises `VerificationFailed`."""

    def verify_macs(self, key: SecretKey, pairs: Sequence[tuple[bytes, bytes]]) -> list[bool]:
        """`pairs` of message and MAC."""


@runtime_checkable
class Cipher(Protocol):
    """SM4 (GB/T 32907). The nonce or IV is drawn by the provider and stands at the front of the value.

    `aad` belongs to SM4-GCM only; with another algorithm it is an `EncodingError`. CBC and CTR do not notice
    changes: use them only where another system prescribes them. `iv` is for such protocols and for known answers;
    repeating one under the same key destroys GCM and CTR.
    """

    def encrypt(
        self, key: SecretKey, plaintext: bytes, *, aad: bytes = b"", algorithm: str = algorithms.SM4_GCM,
        iv: bytes | None = None,
    ) -> Encrypted: ...

    def encrypt_many(
        self, key: SecretKey, items: Sequence[tuple[bytes, bytes]], *, algorithm: str = algorithms.SM4_GCM
    ) -> list[Encrypted]:
        """`items` of plaintext and aad."""

    def decrypt(
        self, key: SecretKey, value: bytes, *, aad: bytes = b"", algorithm: str = algorithms.SM4_GCM
    ) -> bytes:
        """Raises `DecryptionFailed`."""

    def decrypt_many(
        self, key: SecretKey, items: Sequence[tuple[bytes, bytes]], *, algorithm: str = algorithms.SM4_GCM
    ) -> list[bytes]:
        """`items` of value and aad; the first that fails raises `DecryptionFailed`."""


@runtime_checkable
class Signer(Protocol):
    """SM2 signatures (GB/T 32918.2) over ZA ‖ message; `user_id` is the signer's identity, 1 to 8190 bytes."""

    def sign(self, key: SigningKey, message: bytes, *, user_id: bytes = algorithms.DEFAULT_ID) -> Signed: ...

    def sign_many(
        self, key: SigningKey, messages: Sequence[bytes], *, user_id: bytes = algorithms.DEFAULT_ID
    ) -> list[Signed]: ...

    def sign_digest(self, key: SigningKey, digest: bytes) -> Signed:
        """Sign e = SM3(ZA ‖ message) made elsewhere (`sm2.message_digest`), 32 bytes."""


@runtime_checkable
class Verifier(Protocol):
    """The other side of `Signer`: `signature` is r‖s, 64 bytes. Raises `VerificationFailed`, bad sizes included."""

    def verify(
        self, key: VerifyingKey, message: bytes, signature: bytes, *, user_id: bytes = algorithms.DEFAULT_ID
    ) -> None: ...

    def verify_many(
        self, key: VerifyingKey, pairs: Sequence[tuple[bytes, bytes]], *, user_id: bytes = algorithms.DEFAULT_ID
    ) -> list[bool]: ...

    def verify_digest(self, key: VerifyingKey, digest: bytes, signature: bytes) -> None: ...


@runtime_checkable
class PublicKeyCipher(Protocol):
    """SM2 encryption (GB/T 32918.4), value 04‖C1‖C3‖C2. For keys: the plaintext is 1 to 65,535 bytes, never empty."""

    def encrypt_to(self, key: VerifyingKey, plaintext: bytes) -> Encrypted: ...

    def decrypt_with(self, key: SigningKey, value: bytes) -> bytes:
        """Raises `DecryptionFailed`: point not on the curve, C3 different, another key."""


@runtime_checkable
class KeyAgreement(Protocol):
    """SM2 key exchange with confirmation (GB/T 32918.3)."""

    def agree(
        self, own: PrivateKey, own_ephemeral: PrivateKey, peer: PublicKey, peer_ephemeral: PublicKey, *,
        initiator: bool, size: int, own_id: bytes = algorithms.DEFAULT_ID, peer_id: bytes = algorithms.DEFAULT_ID,
    ) -> Agreement:
        """`size` bytes of shared key. An ephemeral key is used once. Compare `expected` with what the peer sends."""


@runtime_checkable
class KeyMaker(Protocol):
    """New keys from the provider's random source."""

    def generate_key(self, size: int = algorithms.SM4_KEY_SIZE) -> SymmetricKey: ...

    def generate_key_pair(self) -> PrivateKey:
        """With its public key."""

    def public_key(self, key: SigningKey) -> PublicKey:
        """The public half of a private key or of a handle. A `d` outside [1, n-2] is an `EncodingError`."""


@runtime_checkable
class RandomSource(Protocol):
    """Cryptographic random bytes."""

    def random(self, size: int) -> bytes: ...


@runtime_checkable
class CertificateVerifier(Protocol):
    """Chain, validity, revocation and usage of a certificate (DER)."""

    def verify_certificate(self, certificate: bytes, *, at: datetime, usage: str = "sign") -> CertificateVerdict:
        """`at` is an aware datetime, `usage` "sign" or "encrypt". Raises `VerificationFailed`."""


@runtime_checkable
class TimeStamper(Protocol):
    """A trusted time over a digest (SM3, 32 bytes)."""

    def time_stamp(self, digest: bytes) -> TimeStamp: ...

    def verify_time_stamp(self, digest: bytes, token: bytes) -> TimeStamp:
        """Raises `VerificationFailed`."""

"""What software providers share: batches, streams, key checks. Also SM3 and HMAC-SM3, which hashlib does."""
import hashlib
import hmac
from collections.abc import Iterable, Sequence

from .. import algorithms
from ..errors import EncodingError, KeyMissing, PolicyError, VerificationFailed
from ..material import PrivateKey, PublicKey, SymmetricKey
from ..results import Digest, Encrypted, Mac, Signed
from ..secret import Secret


def clear(key: SymmetricKey, provider: str) -> bytes:
    """The bytes of a key that software can use."""
    if not isinstance(key, SymmetricKey):
        raise PolicyError(f"provider {provider} needs the key itself, not a handle")
    check_there(key.secret)
    return key.secret.reveal()


def clear_private(key: PrivateKey, provider: str) -> PrivateKey:
    if not isinstance(key, PrivateKey):
        raise PolicyError(f"provider {provider} needs the private key itself, not a handle")
    check_there(key.secret)
    return key


def clear_public(key: PublicKey, provider: str) -> PublicKey:
    if not isinstance(key, PublicKey):
        raise PolicyError(f"provider {provider} needs the public key itself, not a handle")
    return key


def check_there(secret: Secret) -> None:
    """A wiped key is gone, whatever a provider may still remember of it."""
    if not secret:
        raise KeyMissing("the key has been destroyed")


def check_digest(digest: bytes) -> None:
    if len(digest) != algorithms.DIGEST_SIZE:
        raise EncodingError("an SM3 digest is 32 bytes")


def check_plaintext(plaintext: bytes) -> None:
    """Of SM2: it is for keys and short secrets; what is longer goes into an envelope."""
    if not 1 <= len(plaintext) <= algorithms.SM2_PLAINTEXT_MAX:
        raise EncodingError(f"SM2 encrypts 1 to {algorithms.SM2_PLAINTEXT_MAX} bytes")


class SoftwareHashes:
    """`Digester` and `Macer` on hashlib, which is OpenSSL's SM3."""

    name: str

    def digest(self, message: bytes) -> Digest:
        return Digest(hashlib.new("sm3", message).digest(), algorithms.SM3, self.name)

    def digests(self, messages: Sequence[bytes]) -> list[Digest]:
        return [self.digest(message) for message in messages]

    def digest_stream(self, chunks: Iterable[bytes]) -> Digest:
        state = hashlib.new("sm3")
        for chunk in chunks:
            state.update(chunk)
        return Digest(state.digest(), algorithms.SM3, self.name)

    def mac(self, key: SymmetricKey, message: bytes) -> Mac:
        return self.macs(key, (message,))[0]

    def macs(self, key: SymmetricKey, messages: Sequence[bytes]) -> list[Mac]:
        raw, about = clear(key, self.name), (algorithms.HMAC_SM3, self.name, key.key_id, key.version)
        return [Mac(hmac.digest(raw, message, "sm3"), *about) for message in messages]

    def verify_mac(self, key: SymmetricKey, message: bytes, mac: bytes) -> None:
        if not self.verify_macs(key, ((message, mac),))[0]:
            raise VerificationFailed("the MAC does not hold")

    def verify_macs(self, key: SymmetricKey, pairs: Sequence[tuple[bytes, bytes]]) -> list[bool]:
        raw = clear(key, self.name)
        return [hmac.compare_digest(hmac.digest(raw, message, "sm3"), mac) for message, mac in pairs]


class Batches:
    """The plural methods of a provider for which many cost as much as one by one."""

    def encrypt_many(
        self, key, items: Sequence[tuple[bytes, bytes]], *, algorithm: str = algorithms.SM4_GCM
    ) -> list[Encrypted]:
        return [self.encrypt(key, plaintext, aad=aad, algorithm=algorithm) for plaintext, aad in items]

    def decrypt_many(
        self, key, items: Sequence[tuple[bytes, bytes]], *, algorithm: str = algorithms.SM4_GCM
    ) -> list[bytes]:
        return [self.decrypt(key, value, aad=aad, algorithm=algorithm) for value, aad in items]

    def sign_many(self, key, messages: Sequence[bytes], *, user_id: bytes = algorithms.DEFAULT_ID) -> list[Signed]:
        return [self.sign(key, message, user_id=user_id) for message in messages]

    def verify_many(
        self, key, pairs: Sequence[tuple[bytes, bytes]], *, user_id: bytes = algorithms.DEFAULT_ID
    ) -> list[bool]:
        return [self._holds(key, message, signature, user_id) for message, signature in pairs]

    def _holds(self, key, message: bytes, signature: bytes, user_id: bytes) -> bool:
        try:
            self.verify(key, message, signature, user_id=user_id)
        except VerificationFailed:
            return False
        return True

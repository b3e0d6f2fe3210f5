"""`StandardProvider`: every port that software alone can serve."""
import secrets
import weakref
from functools import lru_cache

from ... import algorithms
from ... import sm2 as curve
from ...errors import CryptoError
from ...material import PrivateKey, PublicKey, SymmetricKey
from ...results import Agreement, Encrypted, Health, Signed
from ...secret import Secret
from .. import base
from . import agreement, keys, libcrypto, sm2, symmetric


class StandardProvider(base.SoftwareHashes, base.Batches):
    """Digester, Macer, Cipher, Signer, Verifier, PublicKeyCipher, KeyAgreement, KeyMaker and RandomSource."""

    name = "standard"

    def __init__(self):
        self._native = weakref.WeakKeyDictionary()
        self._public = lru_cache(maxsize=1024)(keys.public)

    def health(self) -> Health:
        try:
            return Health(self.name, True, libcrypto.version())
        except CryptoError as error:
            return Health(self.name, False, str(error))

    # Cipher
    def encrypt(
        self, key: SymmetricKey, plaintext: bytes, *, aad: bytes = b"", algorithm: str = algorithms.SM4_GCM,
        iv: bytes | None = None,
    ) -> Encrypted:
        value = symmetric.encrypt(algorithm, base.clear(key, self.name), plaintext, aad, iv)
        return Encrypted(value, algorithm, self.name, key.key_id, key.version)

    def decrypt(
        self, key: SymmetricKey, value: bytes, *, aad: bytes = b"", algorithm: str = algorithms.SM4_GCM
    ) -> bytes:
        return symmetric.decrypt(algorithm, base.clear(key, self.name), value, aad)

    # Signer and Verifier
    def sign(self, key: PrivateKey, message: bytes, *, user_id: bytes = algorithms.DEFAULT_ID) -> Signed:
        curve.check_id(user_id)
        return self._signed(key, sm2.sign(self._private_of(key), message, user_id))

    def sign_digest(self, key: PrivateKey, digest: bytes) -> Signed:
        base.check_digest(digest)
        return self._signed(key, sm2.sign_digest(self._private_of(key), digest))

    def verify(
        self, key: PublicKey, message: bytes, signature: bytes, *, user_id: bytes = algorithms.DEFAULT_ID
    ) -> None:
        curve.check_id(user_id)
        sm2.verify(self._public_of(key), message, signature, user_id)

    def verify_digest(self, key: PublicKey, digest: bytes, signature: bytes) -> None:
        base.check_digest(digest)
        sm2.verify_digest(self._public_of(key), digest, signature)

    def _signed(self, key: PrivateKey, value: bytes) -> Signed:
        return Signed(value, algorithms.SM2_SIGN, self.name, key.key_id, key.version)

    # PublicKeyCipher
    def encrypt_to(self, key: PublicKey, plaintext: bytes) -> Encrypted:
        base.check_plaintext(plaintext)
        value = sm2.encrypt(self._public_of(key), plaintext)
        return Encrypted(value, algorithms.SM2_ENCRYPT, self.name, key.key_id, key.version)

    def decrypt_with(self, key: PrivateKey, value: bytes) -> bytes:
        return sm2.decrypt(self._private_of(key), value)

    # KeyAgreement
    def agree(
        self, own: PrivateKey, own_ephemeral: PrivateKey, peer: PublicKey, peer_ephemeral: PublicKey, *,
        initiator: bool, size: int, own_id: bytes = algorithms.DEFAULT_ID, peer_id: bytes = algorithms.DEFAULT_ID,
    ) -> Agreement:
        sides = agreement.Sides(
            base.clear_private(own, self.name), self.public_key(own),
            base.clear_private(own_ephemeral, self.name), self.public_key(own_ephemeral),
            base.clear_public(peer, self.name), base.clear_public(peer_ephemeral, self.name),
            own_id, peer_id, initiator)
        return Agreement(*agreement.derive(sides, agreement.multiply, size), algorithms.SM2_AGREE, self.name)

    # KeyMaker and RandomSource
    def generate_key(self, size: int = algorithms.SM4_KEY_SIZE) -> SymmetricKey:
        return SymmetricKey(Secret(self.random(size)))

    def generate_key_pair(self) -> PrivateKey:
        return keys.generate()

    def public_key(self, key: PrivateKey) -> PublicKey:
        return PublicKey(keys.point_of(self._private_of(key)), key.key_id, key.version)

    def random(self, size: int) -> bytes:
        return secrets.token_bytes(size)

    # EVP_PKEYs are only read after their making, so threads share them; no lock, or a fork might copy it locked
    def _private_of(self, key: PrivateKey) -> libcrypto.Owned:
        base.clear_private(key, self.name)
        native = self._native.get(key)
        if native is None:
            native = self._native[key] = keys.private(key)
        return native

    def _public_of(self, key: PublicKey) -> libcrypto.Owned:
        return self._public(base.clear_public(key, self.name).point)

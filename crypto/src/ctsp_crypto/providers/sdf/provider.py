"""`SdfProvider`: the ports on a device. Keys are handles, `pair:3`, `kek:1:<hex>`, `envelope:3:<hex>` (`device`).

The standard has no function to hand a clear key to a device, none to make a key pair (the device's own tools do), and
none to decrypt with an inner key (many vendors do: `Options.internal_decrypt`). So clear keys are a `PolicyError`.
"""
import ctypes
import secrets
from collections.abc import Iterable
from pathlib import Path

from ... import algorithms, sm2
from ...encodings import ciphertexts, signatures
from ...errors import CryptoError, DecryptionFailed, EncodingError, PolicyError, ProviderRefused, VerificationFailed
from ...material import KeyHandle, PublicKey
from ...results import Encrypted, Health, Signed
from .. import base
from ..standard import symmetric
from . import blobs, codes
from . import symmetric as device_ciphers
from .device import Device, Options, Session, parse_pair
from .hashing import Hashes
from .library import Library


class SdfProvider(Hashes, base.Batches):
    """Digester, Macer, Cipher, Signer, Verifier, RandomSource; PublicKeyCipher where the device can decrypt."""

    name = "sdf"

    def __init__(self, library: str | Path, options: Options | None = None):
        self.options = options or Options()
        self._layout = blobs.Layout(self.options.width)
        self._device = Device(Library(library, self.options.internal_decrypt), self.options)

    def health(self) -> Health:
        try:
            info = self.device_info()
        except CryptoError as error:
            return Health(self.name, False, str(error))
        return Health(self.name, True, f"{info['maker']} {info['model']} {info['serial']}".strip())

    def device_info(self) -> dict:
        with self._device.session() as session:
            blob = session.fetch("SDF_GetDeviceInfo", room=blobs.DEVICE_INFO_SIZE, sized=False)
        return blobs.device_info(blob)

    def close(self) -> None:
        self._device.close()

    # Keys
    def public_key(self, key: KeyHandle, use: str = "sign") -> PublicKey:
        """`use`: "sign" or "encrypt"."""
        function = {"sign": "SDF_ExportSignPublicKey_ECC", "encrypt": "SDF_ExportEncPublicKey_ECC"}[use]
        with self._device.session() as session:
            return self._exported(session, function, key)

    def generate_wrapped_key(self, kek: int, key_id: str = "", version: int = 1, size: int = 16) -> KeyHandle:
        """A new key that never leaves the device in clear: the locator holds it wrapped and may be stored."""
        with self._device.session() as session:
            made, room = ctypes.c_void_p(), size + 16
            wrapped, length = ctypes.create_string_buffer(room), ctypes.c_uint(room)
            session.call("SDF_GenerateKeyWithKEK", size * 8, codes.SM4_ECB, kek, wrapped, ctypes.byref(length),
                         ctypes.byref(made))
            handle = KeyHandle(f"kek:{kek}:{wrapped.raw[:length.value].hex()}", key_id, version)
            session.remember(handle, made.value)
        return handle

    def generate_enveloped_key(self, pair: int, key_id: str = "", version: int = 1, size: int = 16) -> KeyHandle:
        """The same, wrapped under the encryption key pair at `pair` instead of a key-encryption key."""
        with self._device.session() as session:
            made, room = ctypes.c_void_p(), self._layout.cipher_size(size)
            blob = ctypes.create_string_buffer(room)
            session.call("SDF_GenerateKeyWithIPK_ECC", pair, size * 8, blob, ctypes.byref(made))
            handle = KeyHandle(f"envelope:{pair}:{self._layout.ciphertext(blob.raw).hex()}", key_id, version)
            session.remember(handle, made.value)
        return handle

    # Cipher
    def encrypt(
        self, key: KeyHandle, plaintext: bytes, *, aad: bytes = b"", algorithm: str = algorithms.SM4_GCM,
        iv: bytes | None = None,
    ) -> Encrypted:
        symmetric.check_form(algorithm, aad, iv)
        iv = secrets.token_bytes(symmetric.iv_size(algorithm)) if iv is None else iv
        with self._device.session() as session:
            worker = device_ciphers.Worker(session, session.key(self._handle(key)), self.options)
            value = iv + worker.encrypt(algorithm, plaintext, aad, iv)
        return Encrypted(value, algorithm, self.name, key.key_id, key.version)

    def decrypt(
        self, key: KeyHandle, value: bytes, *, aad: bytes = b"", algorithm: str = algorithms.SM4_GCM
    ) -> bytes:
        symmetric.check_form(algorithm, aad)
        with self._device.session() as session:
            worker = device_ciphers.Worker(session, session.key(self._handle(key)), self.options)
            try:
                return worker.decrypt(algorithm, value, aad)
            except ProviderRefused as refusal:
                raise codes.about_ciphertext(refusal) from refusal

    # Signer and Verifier
    def sign(self, key: KeyHandle, message: bytes, *, user_id: bytes = algorithms.DEFAULT_ID) -> Signed:
        sm2.check_id(user_id)
        with self._device.session() as session:
            public = self._exported(session, "SDF_ExportSignPublicKey_ECC", self._handle(key))
            return self._signed(session, key, self._message_digest(session, public, message, user_id))

    def sign_digest(self, key: KeyHandle, digest: bytes) -> Signed:
        base.check_digest(digest)
        with self._device.session() as session:
            return self._signed(session, self._handle(key), digest)

    def verify(
        self, key: PublicKey | KeyHandle, message: bytes, signature: bytes, *,
        user_id: bytes = algorithms.DEFAULT_ID,
    ) -> None:
        sm2.check_id(user_id)
        with self._device.session() as session:
            public = self._public(session, key, "SDF_ExportSignPublicKey_ECC")
            self._verified(session, key, self._message_digest(session, public, message, user_id), signature)

    def verify_digest(self, key: PublicKey | KeyHandle, digest: bytes, signature: bytes) -> None:
        base.check_digest(digest)
        with self._device.session() as session:
            self._verified(session, key, digest, signature)

    def _signed(self, session: Session, key: KeyHandle, digest: bytes) -> Signed:
        index = parse_pair(key)
        session.allow(index)
        blob = session.fetch("SDF_InternalSign_ECC", index, digest, len(digest),
                             room=self._layout.signature_size, sized=False)
        value = self._layout.raw_signature(blob)
        return Signed(value, algorithms.SM2_SIGN, self.name, key.key_id, key.version)

    def _verified(self, session: Session, key: PublicKey | KeyHandle, digest: bytes, signature: bytes) -> None:
        if isinstance(key, KeyHandle):
            function, who = "SDF_InternalVerify_ECC", (parse_pair(key),)
        else:
            sm2.check_point(base.clear_public(key, self.name).point)
            function, who = "SDF_ExternalVerify_ECC", (self.options.sm2_sign, self._layout.public(key.point))
        try:
            signatures.split(signature)
            session.call(function, *who, digest, len(digest), self._layout.signature(signature))
        except EncodingError as error:
            raise VerificationFailed("the SM2 signature does not hold") from error
        except ProviderRefused as refusal:
            raise codes.about_signature(refusal) from refusal

    # PublicKeyCipher
    def encrypt_to(self, key: PublicKey | KeyHandle, plaintext: bytes) -> Encrypted:
        base.check_plaintext(plaintext)
        with self._device.session() as session:
            public = self._public(session, key, "SDF_ExportEncPublicKey_ECC")
            blob = session.fetch("SDF_ExternalEncrypt_ECC", self.options.sm2_encrypt, self._layout.public(public.point),
                                 plaintext, len(plaintext), room=self._layout.cipher_size(len(plaintext)), sized=False)
        value = self._layout.ciphertext(blob)
        if len(value) != ciphertexts.C2_START + len(plaintext):
            raise ProviderRefused("the device answered with a ciphertext of another length")
        return Encrypted(value, algorithms.SM2_ENCRYPT, self.name, key.key_id, key.version)

    def decrypt_with(self, key: KeyHandle, value: bytes) -> bytes:
        index = parse_pair(self._handle(key))
        try:
            ciphertexts.check(value)
        except EncodingError as error:
            raise DecryptionFailed("the SM2 ciphertext cannot be decrypted") from error
        shape = self.options.internal_decrypt
        algorithm = [self.options.sm2_encrypt] if shape == "with algorithm" else []
        with self._device.session() as session:
            session.allow(index)
            try:
                return session.fetch("SDF_InternalDecrypt_ECC", index, *algorithm, self._layout.cipher(value),
                                     room=len(value) - ciphertexts.C2_START)
            except ProviderRefused as refusal:
                raise codes.about_ciphertext(refusal) from refusal

    # RandomSource
    def random(self, size: int) -> bytes:
        with self._device.session() as session:
            return b"".join(
                session.fetch("SDF_GenerateRandom", count, room=count, sized=False)
                for count in pieces(size, self.options.block))

    def _exported(self, session: Session, function: str, key: KeyHandle) -> PublicKey:
        blob = session.fetch(function, parse_pair(key), room=self._layout.public_size, sized=False)
        return PublicKey(self._layout.point(blob), key.key_id, key.version)

    def _public(self, session: Session, key: PublicKey | KeyHandle, function: str) -> PublicKey:
        if isinstance(key, KeyHandle):
            return self._exported(session, function, key)
        sm2.check_point(base.clear_public(key, self.name).point)
        return key

    def _handle(self, key: KeyHandle) -> KeyHandle:
        if not isinstance(key, KeyHandle):
            raise PolicyError("a device takes handles, never a key in clear")
        return key


def pieces(total: int, block: int) -> Iterable[int]:
    """Sizes of the pieces of `total` bytes."""
    while total > 0:
        yield min(total, block)
        total -= block

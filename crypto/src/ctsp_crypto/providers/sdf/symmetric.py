"""SM4 of a device. It pads nothing and takes a limited number of bytes per call: both are made up for here."""
import ctypes

from cryptography.hazmat.primitives.padding import PKCS7

from ... import algorithms
from ...errors import DecryptionFailed, ProviderRefused
from . import codes
from .device import Options, Session

_TAG, _NONCE, _BLOCK = algorithms.GCM_TAG_SIZE, algorithms.GCM_NONCE_SIZE, algorithms.SM4_BLOCK_SIZE


class Worker:
    """One key in one session."""

    def __init__(self, session: Session, key: int, options: Options):
        self._session, self._key, self._options = session, key, options

    def encrypt(self, algorithm: str, plaintext: bytes, aad: bytes, iv: bytes) -> bytes:
        """Without the IV in front."""
        if algorithm == algorithms.SM4_GCM:
            return self._seal(plaintext, aad, iv)
        if algorithm == algorithms.SM4_CTR:
            return self._counted(plaintext, iv)
        padder = PKCS7(128).padder()
        return self._chained("SDF_Encrypt", padder.update(plaintext) + padder.finalize(), iv)

    def decrypt(self, algorithm: str, value: bytes, aad: bytes) -> bytes:
        if algorithm == algorithms.SM4_GCM:
            return self._open(value, aad)
        if len(value) < _BLOCK:
            raise DecryptionFailed("the ciphertext cannot be decrypted")
        if algorithm == algorithms.SM4_CTR:
            return self._counted(value[_BLOCK:], value[:_BLOCK])
        if len(value) % _BLOCK or len(value) < 2 * _BLOCK:
            raise DecryptionFailed("the ciphertext cannot be decrypted")
        remover = PKCS7(128).unpadder()
        padded = self._chained("SDF_Decrypt", value[_BLOCK:], value[:_BLOCK])
        try:
            return remover.update(padded) + remover.finalize()
        except ValueError as error:
            raise DecryptionFailed("the ciphertext cannot be decrypted") from error

    def _seal(self, plaintext: bytes, aad: bytes, nonce: bytes) -> bytes:
        size, tag_size = ctypes.c_uint(len(plaintext)), ctypes.c_uint(_TAG)
        out, tag = ctypes.create_string_buffer(max(len(plaintext), 1)), ctypes.create_string_buffer(_TAG)
        self._session.call(
            "SDF_AuthEnc", self._key, self._options.gcm, nonce, len(nonce), aad, len(aad), plaintext, len(plaintext),
            out, ctypes.byref(size), tag, ctypes.byref(tag_size))
        if (size.value, tag_size.value) != (len(plaintext), _TAG):
            raise ProviderRefused("the device answered with a ciphertext or tag of another length")
        return out.raw[:len(plaintext)] + tag.raw

    def _open(self, value: bytes, aad: bytes) -> bytes:
        if len(value) < _NONCE + _TAG:
            raise DecryptionFailed("the ciphertext cannot be decrypted")
        nonce, body, tag = value[:_NONCE], value[_NONCE:-_TAG], value[-_TAG:]
        return self._exactly(len(body), self._session.fetch(
            "SDF_AuthDec", self._key, self._options.gcm, nonce, len(nonce), aad, len(aad), tag, len(tag),
            body, len(body), room=len(body)))

    def _chained(self, function: str, data: bytes, iv: bytes) -> bytes:
        """CBC in pieces: the last block of ciphertext is the IV of the next."""
        parts = []
        for start in range(0, len(data), self._options.block):
            piece = data[start:start + self._options.block]
            made = self._run(function, codes.SM4_CBC, piece, iv)
            parts.append(made)
            iv = (made if function == "SDF_Encrypt" else piece)[-_BLOCK:]
        return b"".join(parts)

    def _counted(self, data: bytes, iv: bytes) -> bytes:
        """CTR in pieces: the counter goes on."""
        counter, parts = int.from_bytes(iv, "big"), []
        for start in range(0, len(data), self._options.block):
            piece = data[start:start + self._options.block]
            position = (counter + start // _BLOCK) % (1 << 128)
            parts.append(self._run("SDF_Encrypt", codes.SM4_CTR, piece, position.to_bytes(_BLOCK, "big")))
        return b"".join(parts)

    def _run(self, function: str, mode: int, piece: bytes, iv: bytes) -> bytes:
        """Devices write the next IV into the buffer they are given, so it is a copy."""
        copy = ctypes.create_string_buffer(iv, len(iv))
        return self._exactly(len(piece), self._session.fetch(
            function, self._key, mode, copy, piece, len(piece), room=len(piece)))

    @staticmethod
    def _exactly(size: int, made: bytes) -> bytes:
        if len(made) != size:
            raise ProviderRefused("the device answered with another length")
        return made

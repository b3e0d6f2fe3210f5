"""SM4 on `cryptography`: values as `results.Encrypted` describes them."""
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers import algorithms as ciphers
from cryptography.hazmat.primitives.padding import PKCS7

from ... import algorithms
from ...errors import DecryptionFailed, EncodingError, PolicyError

_IV_SIZE = {
    algorithms.SM4_GCM: algorithms.GCM_NONCE_SIZE,
    algorithms.SM4_CBC: algorithms.SM4_BLOCK_SIZE,
    algorithms.SM4_CTR: algorithms.SM4_BLOCK_SIZE,
}


def iv_size(algorithm: str) -> int:
    try:
        return _IV_SIZE[algorithm]
    except KeyError:
        raise PolicyError(f"no cipher {algorithm}") from None


def check(algorithm: str, key: bytes, aad: bytes, iv: bytes | None = None) -> None:
    check_form(algorithm, aad, iv)
    if len(key) != algorithms.SM4_KEY_SIZE:
        raise EncodingError("an SM4 key is 16 bytes")


def check_form(algorithm: str, aad: bytes, iv: bytes | None = None) -> None:
    size = iv_size(algorithm)
    if aad and algorithm != algorithms.SM4_GCM:
        raise EncodingError(f"{algorithm} takes no associated data")
    if iv is not None and len(iv) != size:
        raise EncodingError(f"the IV of {algorithm} is {size} bytes")


def encrypt(algorithm: str, key: bytes, plaintext: bytes, aad: bytes, iv: bytes | None) -> bytes:
    check(algorithm, key, aad, iv)
    iv = secrets.token_bytes(iv_size(algorithm)) if iv is None else iv
    if algorithm == algorithms.SM4_CBC:
        padder = PKCS7(128).padder()
        plaintext = padder.update(plaintext) + padder.finalize()
    worker = Cipher(ciphers.SM4(key), _mode(algorithm, iv)).encryptor()
    if algorithm == algorithms.SM4_GCM:
        worker.authenticate_additional_data(aad)
        return iv + worker.update(plaintext) + worker.finalize() + worker.tag
    return iv + worker.update(plaintext) + worker.finalize()


def decrypt(algorithm: str, key: bytes, value: bytes, aad: bytes) -> bytes:
    check(algorithm, key, aad)
    try:
        return _OPENERS[algorithm](key, value, aad)
    except (InvalidTag, ValueError) as error:
        raise DecryptionFailed("the ciphertext cannot be decrypted") from error


def _open_gcm(key: bytes, value: bytes, aad: bytes) -> bytes:
    if len(value) < algorithms.GCM_NONCE_SIZE + algorithms.GCM_TAG_SIZE:
        raise ValueError("too short")
    nonce, tag = value[:algorithms.GCM_NONCE_SIZE], value[-algorithms.GCM_TAG_SIZE:]
    worker = Cipher(ciphers.SM4(key), modes.GCM(nonce, tag)).decryptor()
    worker.authenticate_additional_data(aad)
    return worker.update(value[algorithms.GCM_NONCE_SIZE:-algorithms.GCM_TAG_SIZE]) + worker.finalize()


def _open_cbc(key: bytes, value: bytes, _aad: bytes) -> bytes:
    worker = Cipher(ciphers.SM4(key), modes.CBC(value[:16])).decryptor()
    remover = PKCS7(128).unpadder()
    return remover.update(worker.update(value[16:]) + worker.finalize()) + remover.finalize()


def _open_ctr(key: bytes, value: bytes, _aad: bytes) -> bytes:
    worker = Cipher(ciphers.SM4(key), modes.CTR(value[:16])).decryptor()
    return worker.update(value[16:]) + worker.finalize()


_OPENERS = {algorithms.SM4_GCM: _open_gcm, algorithms.SM4_CBC: _open_cbc, algorithms.SM4_CTR: _open_ctr}


def _mode(algorithm: str, iv: bytes):
    return {algorithms.SM4_GCM: modes.GCM, algorithms.SM4_CBC: modes.CBC, algorithms.SM4_CTR: modes.CTR}[algorithm](iv)

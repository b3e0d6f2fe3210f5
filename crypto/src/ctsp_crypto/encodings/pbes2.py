"""Encrypted PKCS#8 (RFC 8018 PBES2): PBKDF2 with SM3 or SHA-256, SM4-CBC or AES-CBC.

`SM4_SM3` is what GM/T software writes; OpenSSL 3.0 reads only the SHA-256 form (`SM4_SHA256`).
"""
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers import algorithms as ciphers
from cryptography.hazmat.primitives.padding import PKCS7

from ..errors import DecryptionFailed, EncodingError
from ..secret import Secret
from . import der

PBES2 = der.oid("1.2.840.113549.1.5.13")
PBKDF2 = der.oid("1.2.840.113549.1.5.12")
_PRFS = {
    "sm3": der.oid("1.2.156.10197.1.401.2"),
    "sha256": der.oid("1.2.840.113549.2.9"),
}
_CIPHERS = {
    "SM4": (der.oid("1.2.156.10197.1.104.2"), 16, ciphers.SM4),
    "AES-128": (der.oid("2.16.840.1.101.3.4.1.2"), 16, ciphers.AES),
    "AES-256": (der.oid("2.16.840.1.101.3.4.1.42"), 32, ciphers.AES),
}
_NULL = b"\x05\x00"
ITERATIONS = 100_000
MAX_ITERATIONS = 10_000_000  # a hostile file must not keep us busy for hours
MIN_PASSWORD = 8


@dataclass(frozen=True)
class Scheme:
    """PRF of PBKDF2 and cipher."""

    prf: str
    cipher: str


SM4_SM3 = Scheme("sm3", "SM4")
SM4_SHA256 = Scheme("sha256", "SM4")


def encrypt(
    content: bytes, password: Secret, scheme: Scheme = SM4_SM3, iterations: int = ITERATIONS,
    random: Callable[[int], bytes] = secrets.token_bytes,
) -> bytes:
    """EncryptedPrivateKeyInfo (DER) of a PrivateKeyInfo (DER)."""
    if len(password) < MIN_PASSWORD:
        raise EncodingError(f"a password of at least {MIN_PASSWORD} bytes is needed")
    oid, size, cipher = _CIPHERS[scheme.cipher]
    salt, iv = random(16), random(16)
    padder = PKCS7(128).padder()
    worker = Cipher(cipher(_derive(password, scheme.prf, salt, iterations, size)), modes.CBC(iv)).encryptor()
    sealed = worker.update(padder.update(content) + padder.finalize()) + worker.finalize()
    rounds = der.write(der.OCTETS, salt) + der.write_integer(iterations)
    derivation = der.sequence(PBKDF2, der.sequence(rounds, der.sequence(_PRFS[scheme.prf], _NULL)))
    algorithm = der.sequence(PBES2, der.sequence(derivation, der.sequence(oid, der.write(der.OCTETS, iv))))
    return der.sequence(algorithm, der.write(der.OCTETS, sealed))


def decrypt(encoded: bytes, password: Secret) -> bytes:
    """`DecryptionFailed` for a wrong password, `EncodingError` for a scheme that is not read."""
    algorithm, rest = der.read(der.read_all(encoded, der.SEQUENCE), der.SEQUENCE)
    sealed = der.read_all(rest, der.OCTETS)
    derivation, rest = der.read(der.read_all(_after(algorithm, PBES2), der.SEQUENCE), der.SEQUENCE)
    _oid, size, cipher, iv = _cipher(der.read_all(rest, der.SEQUENCE))
    key = _derive(password, *_derivation(der.read_all(_after(derivation, PBKDF2), der.SEQUENCE), size), size)
    try:
        worker, remover = Cipher(cipher(key), modes.CBC(iv)).decryptor(), PKCS7(128).unpadder()
        return remover.update(worker.update(sealed) + worker.finalize()) + remover.finalize()
    except ValueError as error:
        raise DecryptionFailed("wrong password, or the key file is damaged") from error


def _derivation(parameters: bytes, size: int) -> tuple[str, bytes, int]:
    salt, rest = der.read(parameters, der.OCTETS)
    iterations, rest = der.read_integer(rest)
    if rest[:1] == bytes((der.INTEGER,)):
        stated, rest = der.read_integer(rest)
        if stated != size:
            raise EncodingError("the key length of PBKDF2 does not fit the cipher")
    prf = der.read_all(rest, der.SEQUENCE)
    if not 1 <= iterations <= MAX_ITERATIONS:
        raise EncodingError("the number of PBKDF2 rounds is out of range")
    for name, oid in _PRFS.items():
        if prf in (oid, oid + _NULL):
            return name, salt, iterations
    raise EncodingError("PBKDF2 with a PRF other than SM3 and SHA-256")


def _cipher(parameters: bytes) -> tuple[bytes, int, type, bytes]:
    for oid, size, cipher in _CIPHERS.values():
        if parameters.startswith(oid):
            iv = der.read_all(parameters[len(oid):], der.OCTETS)
            if len(iv) == 16:
                return oid, size, cipher, iv
    raise EncodingError("encrypted with a cipher other than SM4-CBC and AES-CBC")


def _derive(password: Secret, prf: str, salt: bytes, iterations: int, size: int) -> bytes:
    return hashlib.pbkdf2_hmac(prf, password.reveal(), salt, iterations, size)


def _after(content: bytes, oid: bytes) -> bytes:
    if not content.startswith(oid):
        raise EncodingError("an encrypted key other than PBES2 with PBKDF2")
    return content[len(oid):]

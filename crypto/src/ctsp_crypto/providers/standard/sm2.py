"""SM2 on libcrypto's EVP: signatures, encryption. Stateless functions over an EVP_PKEY of `keys`."""
import ctypes

from ...encodings import ciphertexts, signatures
from ...errors import DecryptionFailed, EncodingError, ProviderRefused, VerificationFailed
from .libcrypto import LibraryError, Owned, check, load

_DER_SIGNATURE_MAX = 72
# a KDF output of zeros (1 in 256 for one byte) is only looked for by newer libraries
_SHORT = 16


def sign(native: Owned, message: bytes, user_id: bytes) -> bytes:
    library = load()
    try:
        with _context("EVP_DigestSignInit", native, user_id) as context:
            size = ctypes.c_size_t(_DER_SIGNATURE_MAX)
            out = ctypes.create_string_buffer(size.value)
            check(library.EVP_DigestSign(context, out, ctypes.byref(size), message, len(message)) == 1)
    except LibraryError as error:
        raise ProviderRefused(f"signing failed: {error}") from error
    return signatures.to_raw(out.raw[:size.value])


def sign_digest(native: Owned, digest: bytes) -> bytes:
    try:
        return signatures.to_raw(_transform("sign", native, digest, _DER_SIGNATURE_MAX))
    except LibraryError as error:
        raise ProviderRefused(f"signing failed: {error}") from error


def verify(native: Owned, message: bytes, signature: bytes, user_id: bytes) -> None:
    der = _der(signature)
    try:
        with _context("EVP_DigestVerifyInit", native, user_id) as context:
            check(load().EVP_DigestVerify(context, der, len(der), message, len(message)) == 1)
    except LibraryError as error:
        raise VerificationFailed("the SM2 signature does not hold") from error


def verify_digest(native: Owned, digest: bytes, signature: bytes) -> None:
    library, der = load(), _der(signature)
    try:
        with Owned(library.EVP_PKEY_CTX_new_from_pkey(None, native.pointer, None), "EVP_PKEY_CTX_free") as context:
            check(library.EVP_PKEY_verify_init(context) == 1)
            check(library.EVP_PKEY_verify(context, der, len(der), digest, len(digest)) == 1)
    except LibraryError as error:
        raise VerificationFailed("the SM2 signature does not hold") from error


def encrypt(native: Owned, plaintext: bytes) -> bytes:
    """04‖C1‖C3‖C2."""
    try:
        while True:
            value = ciphertexts.from_der(_transform("encrypt", native, plaintext, len(plaintext) + 128))
            if len(plaintext) >= _SHORT or value[ciphertexts.C2_START:] != plaintext:
                return value
    except LibraryError as error:
        raise ProviderRefused(f"encryption failed: {error}") from error


def decrypt(native: Owned, value: bytes) -> bytes:
    try:
        der = ciphertexts.to_der(value)
        plaintext = _transform("decrypt", native, der, len(der))
    except (LibraryError, EncodingError) as error:
        raise DecryptionFailed("the SM2 ciphertext cannot be decrypted") from error
    if plaintext == value[ciphertexts.C2_START:]:
        raise DecryptionFailed("the SM2 ciphertext cannot be decrypted")
    return plaintext


def _der(signature: bytes) -> bytes:
    try:
        return signatures.to_der(signature)
    except EncodingError as error:
        raise VerificationFailed("the SM2 signature does not hold") from error


def _context(function: str, native: Owned, user_id: bytes) -> Owned:
    """An EVP_MD_CTX ready for SM3 over ZA: libcrypto computes ZA at the first bytes, after the identity is set."""
    library = load()
    owned = Owned(library.EVP_MD_CTX_new(), "EVP_MD_CTX_free")
    key_context = ctypes.c_void_p()
    check(getattr(library, function)(
        owned.pointer, ctypes.byref(key_context), library.EVP_sm3(), None, native.pointer) == 1)
    check(library.EVP_PKEY_CTX_set1_id(key_context, user_id, len(user_id)) == 1)
    return owned


def _transform(operation: str, native: Owned, data: bytes, room: int) -> bytes:
    """EVP_PKEY_sign / encrypt / decrypt of `data` into at most `room` bytes."""
    library = load()
    with Owned(library.EVP_PKEY_CTX_new_from_pkey(None, native.pointer, None), "EVP_PKEY_CTX_free") as context:
        check(getattr(library, f"EVP_PKEY_{operation}_init")(context) == 1)
        size, out = ctypes.c_size_t(room), ctypes.create_string_buffer(room)
        check(getattr(library, f"EVP_PKEY_{operation}")(context, out, ctypes.byref(size), data, len(data)) == 1)
        result = out.raw[:size.value]
        ctypes.memset(out, 0, room)
        return result

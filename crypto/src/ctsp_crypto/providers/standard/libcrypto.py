"""The system's OpenSSL (3.0 or later) through ctypes: the few functions SM2 needs, with their errors.

Any libcrypto with the EVP interface of OpenSSL 3 will do: `CTSP_LIBCRYPTO` names another one. The library that
`cryptography` carries cannot be used, its functions are hidden.
"""
import ctypes
import ctypes.util
import os
from collections.abc import Iterator
from functools import cache

from ...errors import ProviderUnavailable

POINTER, INT, SIZE, BYTES = ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t, ctypes.c_char_p
OLDEST = 0x30000000

# name: (result, arguments)
FUNCTIONS = {
    "OpenSSL_version": (BYTES, [INT]),
    "OpenSSL_version_num": (ctypes.c_ulong, []),
    "ERR_clear_error": (None, []),
    "ERR_peek_last_error": (ctypes.c_ulong, []),
    "ERR_error_string_n": (None, [ctypes.c_ulong, BYTES, SIZE]),
    "EVP_sm3": (POINTER, []),
    "EVP_MD_CTX_new": (POINTER, []),
    "EVP_MD_CTX_free": (None, [POINTER]),
    "EVP_DigestSignInit": (INT, [POINTER, POINTER, POINTER, POINTER, POINTER]),
    "EVP_DigestSign": (INT, [POINTER, BYTES, POINTER, BYTES, SIZE]),
    "EVP_DigestVerifyInit": (INT, [POINTER, POINTER, POINTER, POINTER, POINTER]),
    "EVP_DigestVerify": (INT, [POINTER, BYTES, SIZE, BYTES, SIZE]),
    "EVP_PKEY_CTX_set1_id": (INT, [POINTER, BYTES, INT]),
    "EVP_PKEY_CTX_new_from_name": (POINTER, [POINTER, BYTES, BYTES]),
    "EVP_PKEY_CTX_new_from_pkey": (POINTER, [POINTER, POINTER, BYTES]),
    "EVP_PKEY_CTX_free": (None, [POINTER]),
    "EVP_PKEY_keygen_init": (INT, [POINTER]),
    "EVP_PKEY_generate": (INT, [POINTER, POINTER]),
    "EVP_PKEY_sign_init": (INT, [POINTER]),
    "EVP_PKEY_sign": (INT, [POINTER, BYTES, POINTER, BYTES, SIZE]),
    "EVP_PKEY_verify_init": (INT, [POINTER]),
    "EVP_PKEY_verify": (INT, [POINTER, BYTES, SIZE, BYTES, SIZE]),
    "EVP_PKEY_encrypt_init": (INT, [POINTER]),
    "EVP_PKEY_encrypt": (INT, [POINTER, BYTES, POINTER, BYTES, SIZE]),
    "EVP_PKEY_decrypt_init": (INT, [POINTER]),
    "EVP_PKEY_decrypt": (INT, [POINTER, BYTES, POINTER, BYTES, SIZE]),
    "EVP_PKEY_is_a": (INT, [POINTER, BYTES]),
    "EVP_PKEY_free": (None, [POINTER]),
    "EVP_PKEY_get_bn_param": (INT, [POINTER, BYTES, POINTER]),
    "EVP_PKEY_get_octet_string_param": (INT, [POINTER, BYTES, BYTES, SIZE, POINTER]),
    "d2i_AutoPrivateKey": (POINTER, [POINTER, POINTER, ctypes.c_long]),
    "d2i_PUBKEY": (POINTER, [POINTER, POINTER, ctypes.c_long]),
    "BN_new": (POINTER, []),
    "BN_clear_free": (None, [POINTER]),
    "BN_bin2bn": (POINTER, [BYTES, INT, POINTER]),
    "BN_bn2binpad": (INT, [POINTER, BYTES, INT]),
    "EC_GROUP_new_by_curve_name": (POINTER, [INT]),
    "EC_GROUP_free": (None, [POINTER]),
    "EC_POINT_new": (POINTER, [POINTER]),
    "EC_POINT_clear_free": (None, [POINTER]),
    "EC_POINT_oct2point": (INT, [POINTER, POINTER, BYTES, SIZE, POINTER]),
    "EC_POINT_point2oct": (SIZE, [POINTER, POINTER, INT, BYTES, SIZE, POINTER]),
    "EC_POINT_mul": (INT, [POINTER, POINTER, POINTER, POINTER, POINTER, POINTER]),
    "EC_POINT_add": (INT, [POINTER, POINTER, POINTER, POINTER, POINTER]),
    "OBJ_txt2nid": (INT, [BYTES]),
}


class LibraryError(Exception):
    """A function of libcrypto reported failure; the caller turns it into an error of ours."""


@cache
def load() -> ctypes.CDLL:
    """The library, found once per process."""
    seen = []
    for name in candidates():
        try:
            library = ctypes.CDLL(name)
            declare(library)
        except (OSError, AttributeError) as error:
            seen.append(f"{name}: {error}")
            continue
        if library.OpenSSL_version_num() >= OLDEST:
            return library
        seen.append(f"{name}: too old")
    raise ProviderUnavailable(
        "no libcrypto of OpenSSL 3 found (install libssl3 or set CTSP_LIBCRYPTO): " + "; ".join(seen))


def candidates() -> Iterator[str]:
    """The one named, or those the dynamic loader knows: without development files only the versioned names exist."""
    if named := os.environ.get("CTSP_LIBCRYPTO"):
        yield named
        return
    yield from ("libcrypto.so.3", "libcrypto.so.4", "libcrypto.3.dylib")
    if found := ctypes.util.find_library("crypto"):
        yield found


def declare(library: ctypes.CDLL) -> None:
    for name, (result, arguments) in FUNCTIONS.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments


def version() -> str:
    return load().OpenSSL_version(0).decode()


def check(good: bool) -> None:
    """Raise what libcrypto says last, with its queue emptied: it is per thread and would confuse the next caller."""
    if good:
        return
    library = load()
    code, text = library.ERR_peek_last_error(), ctypes.create_string_buffer(256)
    library.ERR_error_string_n(code, text, len(text))
    library.ERR_clear_error()
    raise LibraryError(text.value.decode(errors="replace"))


class Owned:
    """A pointer that is freed with its Python object, or earlier by `with`."""

    __slots__ = ("__weakref__", "_free", "pointer")

    def __init__(self, pointer: int | None, free: str):
        self._free, self.pointer = None, pointer
        check(bool(pointer))
        self._free = getattr(load(), free)

    def __enter__(self) -> int:
        return self.pointer

    def __exit__(self, *_error) -> None:
        self.close()

    def close(self) -> None:
        if self.pointer and self._free:
            self._free(self.pointer)
        self.pointer = None

    __del__ = close

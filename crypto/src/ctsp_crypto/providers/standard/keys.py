"""SM2 keys as libcrypto holds them."""
import ctypes

from ... import algorithms, sm2
from ...errors import EncodingError
from ...material import PrivateKey, PublicKey
from ...secret import Secret
from .libcrypto import LibraryError, Owned, check, load

_OID_PUBLIC = bytes.fromhex("06072a8648ce3d0201")  # id-ecPublicKey
_OID_SM2 = bytes.fromhex("06082a811ccf5501822d")  # 1.2.156.10197.1.301
_SPKI = bytes.fromhex("3059") + b"\x30\x13" + _OID_PUBLIC + _OID_SM2 + bytes.fromhex("034200")
# SEC1 ECPrivateKey without the public key: libcrypto computes it
_SEC1 = bytes.fromhex("30310201010420"), b"\xa0\x0a" + _OID_SM2


def public(point: bytes) -> Owned:
    """An EVP_PKEY of 04‖x‖y."""
    sm2.check_point(point)
    try:
        return _read("d2i_PUBKEY", _SPKI + point)
    except LibraryError as error:
        raise EncodingError("not an SM2 public key") from error


def private(key: PrivateKey) -> Owned:
    """An EVP_PKEY of d. A public key that was handed along must belong to it: signing binds it through ZA."""
    raw = key.secret.reveal()
    sm2.check_private(raw)
    try:
        native = _read("d2i_AutoPrivateKey", _SEC1[0] + raw + _SEC1[1])
        point = point_of(native)
    except LibraryError as error:
        raise EncodingError("not an SM2 private key") from error
    if key.public and key.public.point != point:
        raise EncodingError("public and private key do not belong together")
    return native


def _read(function: str, der: bytes) -> Owned:
    buffer = ctypes.create_string_buffer(der, len(der))
    position = ctypes.c_void_p(ctypes.addressof(buffer))
    try:
        native = Owned(getattr(load(), function)(None, ctypes.byref(position), len(der)), "EVP_PKEY_free")
    finally:
        ctypes.memset(buffer, 0, len(der))
    check(load().EVP_PKEY_is_a(native.pointer, b"SM2") == 1)
    return native


def generate() -> PrivateKey:
    library = load()
    with Owned(library.EVP_PKEY_CTX_new_from_name(None, b"SM2", None), "EVP_PKEY_CTX_free") as context:
        check(library.EVP_PKEY_keygen_init(context) == 1)
        made = ctypes.c_void_p()
        check(library.EVP_PKEY_generate(context, ctypes.byref(made)) == 1)
    native = Owned(made.value, "EVP_PKEY_free")
    return PrivateKey(Secret(_scalar_of(native)), PublicKey(point_of(native)))


def point_of(native: Owned) -> bytes:
    """04‖x‖y, from the coordinates: "pub" would come in whatever form the key was read in."""
    return b"\x04" + _number(native, b"qx") + _number(native, b"qy")


def _scalar_of(native: Owned) -> bytes:
    return _number(native, b"priv")


def _number(native: Owned, name: bytes) -> bytes:
    library, size = load(), algorithms.SM2_FIELD_SIZE
    number = ctypes.c_void_p()
    check(library.EVP_PKEY_get_bn_param(native.pointer, name, ctypes.byref(number)) == 1)
    with Owned(number.value, "BN_clear_free") as value:
        out = ctypes.create_string_buffer(size)
        check(library.BN_bn2binpad(value, out, size) == size)
    raw = out.raw
    ctypes.memset(out, 0, size)
    return raw

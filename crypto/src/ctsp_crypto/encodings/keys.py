"""SM2 keys in files and messages. Private: GB/T 35276, RFC 5915 (SEC1), RFC 5958 (PKCS#8). Public: GM/T 0015 SPKI.

Readers find out the form by themselves: PEM, DER, 64 or 130 hex digits, base64 of the bare key, bare bytes.
Everything that contains a private key comes as a `Secret`.
"""
from enum import Enum

from .. import algorithms, sm2
from ..errors import DecryptionFailed, EncodingError, PolicyError
from ..material import PrivateKey, PublicKey
from ..secret import Secret
from . import der, pbes2, pem

EC_PUBLIC_KEY = der.oid("1.2.840.10045.2.1")
SM2 = der.oid("1.2.156.10197.1.301")
_ALGORITHM = der.sequence(EC_PUBLIC_KEY, SM2)
# GM/T 0015-2023 also lets 1.2.156.10197.1.301 stand as the algorithm itself
_ALGORITHMS = (_ALGORITHM, der.sequence(SM2), der.sequence(SM2, b"\x05\x00"), der.sequence(SM2, SM2))
_PARAMETERS_TAG, _PUBLIC_TAG, _ATTRIBUTES_TAG = 0xA0, 0xA1, 0xA0
_D = algorithms.SM2_FIELD_SIZE


class PrivateForm(Enum):
    """How a private key is written."""

    RAW = "32 bytes"
    HEX = "hexadecimal"
    BASE64 = "base64 of 32 bytes"
    SEC1 = "SEC1 DER"
    SEC1_PEM = "EC PRIVATE KEY"
    PKCS8 = "PKCS#8 DER"
    PKCS8_PEM = "PRIVATE KEY"


class PublicForm(Enum):
    """How a public key is written."""

    RAW = "04‖x‖y"
    BARE = "x‖y"
    COMPRESSED = "02 or 03‖x"
    HEX = "hexadecimal of 04‖x‖y"
    BASE64 = "base64 of 04‖x‖y"
    SPKI = "SubjectPublicKeyInfo DER"
    SPKI_SM2 = "SubjectPublicKeyInfo DER with SM2 as the algorithm (GM/T 0015-2023)"
    PEM = "PUBLIC KEY"


def write_public(key: PublicKey, form: PublicForm = PublicForm.PEM) -> bytes:
    point = key.point
    writers = {
        PublicForm.RAW: lambda: point,
        PublicForm.BARE: lambda: point[1:],
        PublicForm.COMPRESSED: lambda: bytes((2 + (point[-1] & 1),)) + point[1:33],
        PublicForm.HEX: lambda: point.hex().encode(),
        PublicForm.BASE64: lambda: pem.to_base64(point),
        PublicForm.SPKI: lambda: _spki(_ALGORITHM, point),
        PublicForm.SPKI_SM2: lambda: _spki(der.sequence(SM2, SM2), point),
        PublicForm.PEM: lambda: pem.write("PUBLIC KEY", _spki(_ALGORITHM, point)),
    }
    return writers[form]()


def read_public(data: bytes | str, key_id: str = "", version: int = 1) -> PublicKey:
    """Of any form of `PublicForm`; always checked to lie on the curve."""
    raw = _unwrapped(data, ("PUBLIC KEY",), (33, 64, 65))[1]
    if raw[:1] == bytes((der.SEQUENCE,)) and len(raw) > 65:
        raw = _from_spki(raw)
    if len(raw) == 64:
        raw = b"\x04" + raw
    if len(raw) == 33:
        raw = _decompressed(raw)
    sm2.check_point(raw)
    return PublicKey(raw, key_id, version)


def write_private(key: PrivateKey, form: PrivateForm = PrivateForm.PKCS8_PEM) -> Secret:
    """In clear: see `write_encrypted` for what is stored or sent."""
    d = key.secret.reveal()
    writers = {
        PrivateForm.RAW: lambda: d,
        PrivateForm.HEX: lambda: d.hex().encode(),
        PrivateForm.BASE64: lambda: pem.to_base64(d),
        PrivateForm.SEC1: lambda: _sec1(key),
        PrivateForm.SEC1_PEM: lambda: pem.write("EC PRIVATE KEY", _sec1(key)),
        PrivateForm.PKCS8: lambda: _pkcs8(key),
        PrivateForm.PKCS8_PEM: lambda: pem.write("PRIVATE KEY", _pkcs8(key)),
    }
    return Secret(writers[form]())


def write_encrypted(
    key: PrivateKey, password: Secret, scheme: pbes2.Scheme = pbes2.SM4_SM3, iterations: int = pbes2.ITERATIONS
) -> bytes:
    """PEM of an encrypted PKCS#8 key."""
    return pem.write("ENCRYPTED PRIVATE KEY", pbes2.encrypt(_pkcs8(key), password, scheme, iterations))


def read_private(
    data: bytes | str | Secret, password: Secret | None = None, key_id: str = "", version: int = 1
) -> PrivateKey:
    """Of any form of `PrivateForm`, or encrypted PKCS#8 (DER or PEM) with its password."""
    data = data.reveal() if isinstance(data, Secret) else data
    _label, raw = _unwrapped(data, ("PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY"), (_D,))
    d, point = (raw, None) if len(raw) == _D else _parsed(raw, password)
    sm2.check_private(d)
    return PrivateKey(Secret(d), point and PublicKey(point, key_id, version), key_id, version)


def _unwrapped(data: bytes | str, labels: tuple[str, ...], sizes: tuple[int, ...]) -> tuple[str, bytes]:
    """The label of a PEM block (or "") and bytes, of bytes or text."""
    text = data if isinstance(data, str) else _as_text(data, sizes)
    if text is None:
        return "", data
    if "-----BEGIN " in text:
        return pem.read(text, *labels)
    compact = "".join(text.split())
    if len(compact) in [2 * size for size in sizes]:
        return "", pem.from_hex(compact)
    return "", pem.from_base64(compact)


def _as_text(data: bytes, sizes: tuple[int, ...]) -> str | None:
    """Bytes of the size of a bare key are no text, whatever they look like; DER never is (its OIDs are not ASCII)."""
    if len(data) in sizes:
        return None
    try:
        return data.decode("ascii")
    except UnicodeDecodeError:
        return None


# Public
def _spki(algorithm: bytes, point: bytes) -> bytes:
    return der.sequence(algorithm, der.write(der.BITS, b"\x00" + point))


def _from_spki(encoded: bytes) -> bytes:
    content = der.read_all(encoded, der.SEQUENCE)
    algorithm, rest = der.read(content, der.SEQUENCE)
    if der.sequence(algorithm) not in _ALGORITHMS:
        raise EncodingError("not an SM2 public key")
    bits = der.read_all(rest, der.BITS)
    if bits[:1] != b"\x00":
        raise EncodingError("the bit string of a public key has unused bits")
    return bits[1:]


def _decompressed(raw: bytes) -> bytes:
    """Both coordinates of 02‖x or 03‖x (GB/T 32918.1 §4.2.10)."""
    x = int.from_bytes(raw[1:], "big")
    y = pow((x * x * x + sm2.A * x + sm2.B) % sm2.P, (sm2.P + 1) // 4, sm2.P)
    if raw[0] not in (2, 3) or not sm2.is_on_curve(x, y):
        raise EncodingError("not a compressed point of the SM2 curve")
    if y & 1 != raw[0] & 1:
        y = sm2.P - y
    return b"\x04" + raw[1:] + y.to_bytes(32, "big")


# Private
def _sec1(key: PrivateKey, parameters: bool = True) -> bytes:
    parts = [der.write_integer(1), der.write(der.OCTETS, key.secret.reveal())]
    if parameters:
        parts.append(der.write(_PARAMETERS_TAG, SM2))
    if key.public:
        parts.append(der.write(_PUBLIC_TAG, der.write(der.BITS, b"\x00" + key.public.point)))
    return der.sequence(*parts)


def _pkcs8(key: PrivateKey) -> bytes:
    return der.sequence(der.write_integer(0), _ALGORITHM, der.write(der.OCTETS, _sec1(key, parameters=False)))


def _is_pkcs8(encoded: bytes) -> bool:
    version, _rest = der.read_integer(der.read_all(encoded, der.SEQUENCE))
    return version == 0


def _parsed(encoded: bytes, password: Secret | None) -> tuple[bytes, bytes | None]:
    """d and the point of a DER key. An EncryptedPrivateKeyInfo begins with a SEQUENCE, a clear key with its version."""
    if der.read_all(encoded, der.SEQUENCE)[:1] != bytes((der.SEQUENCE,)):
        return _from_clear(encoded)
    if password is None:
        raise PolicyError("the key is encrypted: a password is needed")
    content = pbes2.decrypt(encoded, password)
    try:
        return _from_clear(content)
    except EncodingError as error:  # one wrong password in 256 leaves something that looks padded
        raise DecryptionFailed("wrong password, or the key file is damaged") from error


def _from_clear(encoded: bytes) -> tuple[bytes, bytes | None]:
    return _from_pkcs8(encoded) if _is_pkcs8(encoded) else _from_sec1(encoded)


def _from_pkcs8(encoded: bytes) -> tuple[bytes, bytes | None]:
    _version, rest = der.read_integer(der.read_all(encoded, der.SEQUENCE))
    algorithm, rest = der.read(rest, der.SEQUENCE)
    if der.sequence(algorithm) not in _ALGORITHMS:
        raise EncodingError("not an SM2 private key")
    inner, rest = der.read(rest, der.OCTETS)
    if rest:
        der.read_all(rest, _ATTRIBUTES_TAG)
    return _from_sec1(inner, parameters=False)


def _from_sec1(encoded: bytes, parameters: bool = True) -> tuple[bytes, bytes | None]:
    version, rest = der.read_integer(der.read_all(encoded, der.SEQUENCE))
    if version != 1:
        raise EncodingError("not an EC private key")
    d, rest = der.read(rest, der.OCTETS)
    if rest[:1] == bytes((_PARAMETERS_TAG,)):
        curve, rest = der.read(rest, _PARAMETERS_TAG)
        if curve != SM2:
            raise EncodingError("a private key of another curve")
    elif parameters:
        raise EncodingError("a private key that does not name its curve")
    point = None
    if rest:
        bits = der.read_all(der.read_all(rest, _PUBLIC_TAG), der.BITS)
        point = bits[1:]
        sm2.check_point(point)
    return d, point

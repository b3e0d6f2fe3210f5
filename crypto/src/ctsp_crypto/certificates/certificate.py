"""An X.509 certificate (GB/T 20518, RFC 5280), read strictly: one DER value, nothing behind it."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from asn1crypto import core, pem, x509

from ..encodings import signatures as sm2_signatures
from ..errors import EncodingError
from ..material import PublicKey
from . import names, oids

MAX_BYTES = 256 * 1024
# what is parsed when it is asked for must not fail later
_READ_AT_ONCE = (
    "usages",
    "purposes",
    "is_ca",
    "path_length",
    "subject_key_id",
    "authority_key_id",
    "crl_urls",
    "alternative_names",
)
BROKEN = (ValueError, TypeError, KeyError, IndexError, OverflowError, AttributeError, RecursionError)


@dataclass(frozen=True)
class KeyInfo:
    """A subject's public key. `kind`: SM2, RSA, ECDSA or the identifier of something else; `form`: how SM2 was
    written.
    """

    kind: str
    bits: int
    curve: str
    spki: bytes
    content: bytes = b""
    point: bytes = b""
    form: str = ""

    @property
    def sm2(self) -> PublicKey:
        """Raises EncodingError for another kind of key."""
        if self.kind != "SM2":
            raise EncodingError("not an SM2 key")
        return PublicKey(self.point)

    @cached_property
    def identifier(self) -> bytes:
        """The key identifier where no extension gives one: SHA-1 of the bits (RFC 5280 §4.2.1.2); an index, no
        protection.
        """
        return hashlib.sha1(self.content, usedforsecurity=False).digest()


class Certificate:
    """Immutable. Times are aware datetimes in UTC; every reader raises EncodingError on what cannot be read."""

    def __init__(self, encoded: bytes):
        self.der = der_of(encoded, "CERTIFICATE")
        try:
            self._value = x509.Certificate.load(self.der, strict=True)
            self._body = self._value["tbs_certificate"]
            self._read_all()
        except BROKEN as error:
            raise EncodingError("not an X.509 certificate") from error

    def _read_all(self) -> None:
        self.body = self._body.dump()
        self.version: str = self._body["version"].native
        if not isinstance(self.version, str):
            raise ValueError("an unknown version")
        self.serial: int = self._body["serial_number"].native
        self.subject, self.issuer = self._body["subject"], self._body["issuer"]
        self.subject_key, self.issuer_key = names.comparable(self.subject), names.comparable(self.issuer)
        self.subject_text, self.issuer_text = names.name_text(self.subject), names.name_text(self.issuer)
        self.not_before, self.not_after = (_utc(self._body["validity"][name]) for name in ("not_before", "not_after"))
        self.key = read_key(self._body["subject_public_key_info"].dump())
        self.signature_algorithm = self._value["signature_algorithm"]["algorithm"].dotted
        self.signature_parameters = self._value["signature_algorithm"].dump()
        if self._body["signature"].dump() != self.signature_parameters:
            raise ValueError("two signature algorithms")
        self.signature = bits_of(self._value["signature_value"])
        self.extensions = _extensions(self._body["extensions"])
        for name in _READ_AT_ONCE:
            getattr(self, name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Certificate) and self.der == other.der

    def __hash__(self) -> int:
        return hash(self.der)

    def __repr__(self) -> str:
        return f"Certificate({self.subject_text}, {self.serial_text})"

    # -- what it says ----------------------------------------------------------------------------------------------

    @property
    def serial_text(self) -> str:
        digits = f"{abs(self.serial):X}"
        return ("-" if self.serial < 0 else "") + digits.zfill(len(digits) + len(digits) % 2)

    @property
    def self_issued(self) -> bool:
        return self.subject_key == self.issuer_key

    def fingerprint(self, algorithm: str = "sm3") -> str:
        return hashlib.new(algorithm, self.der).hexdigest()

    def extension(self, oid: str):
        """The parsed value of an extension, None without it."""
        found = self.extensions.get(oid)
        return found[1] if found else None

    def is_critical(self, oid: str) -> bool:
        return oid in self.extensions and self.extensions[oid][0]

    @cached_property
    def usages(self) -> frozenset[str] | None:
        """Key usage as names of `oids.USAGES`; None without the extension."""
        value = self.extension(oids.KEY_USAGE)
        if value is None:
            return None
        bits = tuple(core.BitString.load(value.dump()).native)
        return frozenset(name for name, bit in zip(oids.USAGES, bits, strict=False) if bit)

    @cached_property
    def purposes(self) -> frozenset[str] | None:
        """Extended key usage as dotted identifiers; None without the extension."""
        value = self.extension(oids.EXTENDED_KEY_USAGE)
        return None if value is None else frozenset(item.dotted for item in value)

    @cached_property
    def is_ca(self) -> bool:
        value = self.extension(oids.BASIC_CONSTRAINTS)
        return bool(value is not None and value["ca"].native)

    @cached_property
    def path_length(self) -> int | None:
        value = self.extension(oids.BASIC_CONSTRAINTS)
        return None if value is None else value["path_len_constraint"].native

    @cached_property
    def subject_key_id(self) -> bytes | None:
        value = self.extension(oids.SUBJECT_KEY_ID)
        return None if value is None else value.native

    @cached_property
    def authority_key_id(self) -> bytes | None:
        value = self.extension(oids.AUTHORITY_KEY_ID)
        return None if value is None else value["key_identifier"].native

    @cached_property
    def crl_urls(self) -> tuple[str, ...]:
        value = self.extension(oids.CRL_DISTRIBUTION)
        return () if value is None else tuple(url for point in value if (url := point.url))

    @cached_property
    def alternative_names(self) -> tuple[str, ...]:
        value = self.extension(oids.SUBJECT_ALT_NAME)
        return () if value is None else tuple(str(name.native) for name in value)

    def pem(self) -> bytes:
        return pem.armor("CERTIFICATE", self.der)


def der_of(encoded: bytes, kind: str) -> bytes:
    """DER of DER or of the one PEM block of that kind. Raises EncodingError."""
    if len(encoded) > MAX_BYTES:
        raise EncodingError("too large for a certificate")
    if not pem.detect(encoded):
        return encoded
    try:
        blocks = [der for found, _headers, der in pem.unarmor(encoded, multiple=True) if found == kind]
    except ValueError as error:
        raise EncodingError("damaged PEM") from error
    if len(blocks) != 1:
        raise EncodingError(f"not exactly one {kind} in the PEM")
    return blocks[0]


def read_many(encoded: bytes) -> list[Certificate]:
    """All certificates of a PEM bundle, or the one of a DER file."""
    if not pem.detect(encoded):
        return [Certificate(encoded)]
    try:
        return [
            Certificate(der) for kind, _headers, der in pem.unarmor(encoded, multiple=True) if kind == "CERTIFICATE"
        ]
    except ValueError as error:
        raise EncodingError("damaged PEM") from error


def bits_of(value: core.BitString) -> bytes:
    """The bytes of a BIT STRING that has no unused bits."""
    content = value.contents
    if not content or content[0]:
        raise ValueError("a bit string of whole bytes is expected")
    return content[1:]


def read_key(spki: bytes) -> KeyInfo:
    """SubjectPublicKeyInfo. SM2 may be written as EC key on the SM2 curve or with the SM2 identifier itself (GM/T
    0015-2023).
    """
    outer = core.Sequence.load(spki, strict=True)
    algorithm = core.ObjectIdentifier.load(outer[0][0].dump(), strict=True).native
    parameters = outer[0][1] if len(outer[0]) > 1 else None
    bits = bits_of(outer[1])
    named = parameters.native if isinstance(parameters, core.ObjectIdentifier) else ""
    if algorithm in (oids.SM2_CURVE, oids.SM2_SIGNATURE_KEY, oids.SM2_EXCHANGE_KEY, oids.SM2_ENCRYPTION_KEY):
        return KeyInfo("SM2", 256, "SM2", spki, bits, _point(bits), "SM2 标识 " + algorithm)
    if algorithm == oids.EC_KEY and named == oids.SM2_CURVE:
        return KeyInfo("SM2", 256, "SM2", spki, bits, _point(bits), "椭圆曲线标识加 SM2 曲线")
    if algorithm == oids.EC_KEY:
        curve, size = oids.CURVES.get(named, (named, 0))
        return KeyInfo("ECDSA", size, curve, spki, bits)
    if algorithm == oids.RSA_KEY:
        modulus = core.Sequence.load(bits, strict=True)[0].native
        return KeyInfo("RSA", modulus.bit_length(), "", spki, bits)
    return KeyInfo(algorithm, 0, "", spki, bits)


def _point(bits: bytes) -> bytes:
    PublicKey(bits)
    return bits


def _utc(value) -> datetime:
    moment = value.native
    if moment.tzinfo is None:
        raise ValueError("a time without zone")
    return moment.astimezone(UTC)


def _extensions(value) -> dict[str, tuple[bool, core.Asn1Value]]:
    found: dict[str, tuple[bool, core.Asn1Value]] = {}
    for extension in value if isinstance(value, x509.Extensions) else ():
        oid = extension["extn_id"].dotted
        if oid in found:
            raise ValueError("an extension twice")
        found[oid] = (extension["critical"].native, extension["extn_value"].parsed)
    return found


def sm2_signature(der: bytes) -> bytes:
    """r‖s of the DER that certificates carry."""
    return sm2_signatures.to_raw(der)

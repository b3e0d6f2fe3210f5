"""Certificate revocation lists (GB/T 20518, RFC 5280 §5): complete lists of one issuer. Delta and indirect
lists are refused.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import crl

from .. import algorithms
from ..errors import EncodingError, VerificationFailed
from . import oids
from .certificate import BROKEN, Certificate, bits_of, der_of
from .names import comparable, name_text
from .verification import verify_signature

MAX_BYTES = 64 * 1024 * 1024
UNDERSTOOD = frozenset({oids.CRL_NUMBER, oids.AUTHORITY_KEY_ID, oids.ISSUING_POINT})
ENTRY_UNDERSTOOD = frozenset({oids.CRL_REASON, "2.5.29.24", "2.5.29.23"})


@dataclass(frozen=True)
class Revocation:
    """`reason` is a key of `oids.REASONS`."""

    serial: int
    at: datetime
    reason: str

    @property
    def reason_text(self) -> str:
        return oids.REASONS.get(self.reason, self.reason)


class RevocationList:
    """A parsed list; `check_issuer` and `is_current` decide whether it may be believed."""

    def __init__(self, encoded: bytes):
        self.der = der_of(encoded, "X509 CRL") if len(encoded) < MAX_BYTES else b""
        try:
            self._value = crl.CertificateList.load(self.der, strict=True)
            self._body = self._value["tbs_cert_list"]
            self._read_all()
        except BROKEN as error:
            raise EncodingError("not a certificate revocation list") from error

    def _read_all(self) -> None:
        self.body = self._body.dump()
        self.issuer = self._body["issuer"]
        self.issuer_key, self.issuer_text = comparable(self.issuer), name_text(self.issuer)
        self.this_update = _utc(self._body["this_update"])
        self.next_update = _utc(self._body["next_update"])
        self.algorithm = self._value["signature_algorithm"].dump()
        if self._body["signature"].dump() != self.algorithm:
            raise ValueError("two signature algorithms")
        self.signature = bits_of(self._value["signature"])
        self.extensions = _extensions(self._body["crl_extensions"], UNDERSTOOD)
        self.number = self.extensions[oids.CRL_NUMBER].native if oids.CRL_NUMBER in self.extensions else None
        key_id = self.extensions.get(oids.AUTHORITY_KEY_ID)
        self.authority_key_id = key_id["key_identifier"].native if key_id is not None else None
        point = self.extensions.get(oids.ISSUING_POINT)
        if point is not None and any(
            point[name].native for name in ("indirect_crl", "only_contains_attribute_certs", "only_some_reasons")
        ):
            raise ValueError("an indirect or partial list")
        self.revoked = {entry.serial: entry for entry in map(_entry, self._body["revoked_certificates"])}

    def __repr__(self) -> str:
        return f"RevocationList({self.issuer_text}, {len(self.revoked)} entries)"

    def find(self, serial: int) -> Revocation | None:
        return self.revoked.get(serial)

    def is_current(self, at: datetime) -> bool:
        return self.this_update <= at and (self.next_update is None or at <= self.next_update)

    def check_issuer(self, issuer: Certificate, provider, user_id: bytes = algorithms.DEFAULT_ID) -> None:
        """The list is signed by `issuer`, which may sign lists. Raises VerificationFailed or PolicyError."""
        if self.issuer_key != issuer.subject_key:
            raise VerificationFailed("the list is of another issuer")
        if issuer.usages is not None and "crl_sign" not in issuer.usages:
            raise VerificationFailed("the issuer may not sign lists")
        named = self.authority_key_id
        if named and issuer.subject_key_id and named != issuer.subject_key_id:
            raise VerificationFailed("the list is of another key of the issuer")
        verify_signature(issuer.key, self.body, self.signature, self.algorithm, provider, user_id)


def _utc(value) -> datetime | None:
    moment = value.native
    return moment.astimezone(UTC) if moment else None


def _extensions(value, understood: frozenset[str]) -> dict:
    found = {}
    for extension in value if value.native is not None else ():
        oid = extension["extn_id"].dotted
        if oid in found or (extension["critical"].native and oid not in understood):
            raise ValueError("an extension that is not understood")
        found[oid] = extension["extn_value"].parsed
    return found


def _entry(value) -> Revocation:
    extensions = _extensions(value["crl_entry_extensions"], ENTRY_UNDERSTOOD)
    reason = extensions[oids.CRL_REASON].native if oids.CRL_REASON in extensions else "unspecified"
    return Revocation(value["user_certificate"].native, _utc(value["revocation_date"]), reason)

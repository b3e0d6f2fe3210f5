"""Verdicts on certificates: whether one is about this certificate, and whether what is known here agrees."""
import hashlib
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import x509

from ...errors import ProviderRefused, VerificationFailed
from ...ports import CertificateVerifier
from ...results import CertificateVerdict
from . import wire


@dataclass(frozen=True)
class Facts:
    """Serial number and SM3 fingerprint in hexadecimal, subject as text, validity in aware times."""

    subject: str
    serial: str
    fingerprint: str
    begins: datetime
    ends: datetime


def read(certificate: bytes) -> Facts:
    try:
        parsed = x509.Certificate.load(certificate, strict=True)
        validity = parsed["tbs_certificate"]["validity"]
        return Facts(
            parsed.subject.human_friendly, f"{parsed.serial_number:x}", hashlib.new("sm3", certificate).hexdigest(),
            validity["not_before"].native, validity["not_after"].native)
    except (ValueError, TypeError, KeyError) as error:
        raise VerificationFailed("not a certificate") from error


def public_key(certificate: bytes) -> bytes:
    """SubjectPublicKeyInfo, DER."""
    try:
        return x509.Certificate.load(certificate, strict=True)["tbs_certificate"]["subject_public_key_info"].dump()
    except (ValueError, TypeError, KeyError) as error:
        raise VerificationFailed("not a certificate") from error


def confirm(
    known: Facts, answer: dict, certificate: bytes, at: datetime, usage: str, trusted: CertificateVerifier | None,
    provider: str,
) -> CertificateVerdict:
    """Of a verdict “valid”: about this certificate, within its dates, and not against what `trusted` finds here."""
    if (wire.text(answer, "serial"), wire.text(answer, "fingerprint")) != (known.serial, known.fingerprint):
        raise ProviderRefused("the service judged another certificate than it was asked about")
    if not known.begins <= at <= known.ends:
        raise ProviderRefused("the service calls a certificate valid outside its dates")
    if trusted:
        try:
            trusted.verify_certificate(certificate, at=at, usage=usage)
        except VerificationFailed as error:
            raise ProviderRefused("the service calls a certificate valid that does not hold here") from error
    return CertificateVerdict(known.subject, known.serial, known.ends.isoformat(), provider)

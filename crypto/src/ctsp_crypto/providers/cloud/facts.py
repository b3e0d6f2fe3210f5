"""What a certificate says about itself: enough to see whether somebody's verdict is about this one."""
import hashlib
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import x509

from ...errors import VerificationFailed


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

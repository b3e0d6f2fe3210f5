"""What a provider answers: the value, and who made it of which key, so that a record can say so for years.

`value` is never secret. `key_id` and `key_version` are those of the key that was handed in, empty and 0 without one.
"""
from dataclasses import dataclass

from .secret import Secret


@dataclass(frozen=True)
class _Result:
    value: bytes
    algorithm: str
    provider: str
    key_id: str = ""
    key_version: int = 0


@dataclass(frozen=True)
class Digest(_Result):
    """SM3: 32 bytes."""


@dataclass(frozen=True)
class Mac(_Result):
    """HMAC-SM3: 32 bytes."""


@dataclass(frozen=True)
class Signed(_Result):
    """SM2: r‖s, 64 bytes (`encodings.signatures` turns it into DER of GB/T 35276 and back)."""


@dataclass(frozen=True)
class Encrypted(_Result):
    """SM4-GCM: nonce (12) ‖ ciphertext ‖ tag (16). SM4-CBC, SM4-CTR: iv (16) ‖ ciphertext.

    SM2: 04‖C1‖C3‖C2 (`encodings.ciphertexts` knows the other forms).
    """


@dataclass(frozen=True)
class Agreement:
    """Outcome of GB/T 32918.3: the shared key, the hash to send to the other side and the one to expect from it."""

    secret: Secret
    confirmation: bytes
    expected: bytes
    algorithm: str
    provider: str


@dataclass(frozen=True)
class TimeStamp:
    """A token of a time stamp authority (RFC 3161 / GB/T 20520) over a digest; `at` in ISO 8601."""

    value: bytes
    digest: bytes
    at: str
    provider: str
    authority: str = ""


@dataclass(frozen=True)
class CertificateVerdict:
    """A certificate that holds. One that does not raises `VerificationFailed`."""

    subject: str
    serial: str
    not_after: str
    provider: str


@dataclass(frozen=True)
class Health:
    """State of a provider: `ready` says whether calls may be sent to it; `checks` name → "" or what is wrong."""

    provider: str
    ready: bool
    detail: str
    checks: tuple[tuple[str, str], ...] = ()

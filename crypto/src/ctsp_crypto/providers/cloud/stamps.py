"""Time stamp tokens of our contract: SEQUENCE { digest OCTETS, at GeneralizedTime, serial INTEGER, signature OCTETS }.

The signature (r‖s, SM2) covers the DER of the first three as a SEQUENCE.
"""
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime

from ...encodings import der
from ...errors import EncodingError, VerificationFailed
from ...material import PublicKey
from ..standard import StandardProvider

_TIME = 0x18
_FORMAT = "%Y%m%d%H%M%SZ"


def signed_part(digest: bytes, at: datetime, serial: int) -> bytes:
    return der.sequence(der.write(der.OCTETS, digest), der.write(_TIME, at.astimezone(UTC).strftime(_FORMAT).encode()),
                        der.write_integer(serial))


def write(part: bytes, signature: bytes) -> bytes:
    return der.sequence(der.read_all(part, der.SEQUENCE), der.write(der.OCTETS, signature))


def read(token: bytes, digest: bytes, keys: Sequence[PublicKey], verifier: StandardProvider) -> datetime:
    """The time, of a token that holds over `digest`; `keys`: of the authority, those of former years too."""
    try:
        stamped, rest = der.read(der.read_all(token, der.SEQUENCE), der.OCTETS)
        moment, rest = der.read(rest, _TIME)
        serial, rest = der.read_integer(rest)
        signature = der.read_all(rest, der.OCTETS)
        at = datetime.strptime(moment.decode("ascii"), _FORMAT).replace(tzinfo=UTC)
    except (EncodingError, ValueError) as error:
        raise VerificationFailed("not a time stamp") from error
    if not hmac.compare_digest(stamped, digest):
        raise VerificationFailed("the time stamp is about something else")
    if not any(_holds(key, signed_part(stamped, at, serial), signature, verifier) for key in keys):
        raise VerificationFailed("the time stamp was not made by the authority that is known here")
    return at


def _holds(key: PublicKey, part: bytes, signature: bytes, verifier: StandardProvider) -> bool:
    try:
        verifier.verify(key, part, signature)
    except VerificationFailed:
        return False
    return True

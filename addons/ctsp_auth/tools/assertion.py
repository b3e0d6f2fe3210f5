"""What a security gateway says about who came through it: JSON in base64, signed by the gateway. Pure.

``{"serial", "issuer"}`` of the certificate it judged, ``host`` it was asked for, ``time`` (Unix seconds), ``nonce``.
"""
import base64
import json
from dataclasses import dataclass

LONGEST = 8192
SKEW = 5  # seconds between the gateway's clock and ours
NONCE = range(16, 129)


class Unreadable(ValueError):
    """No assertion of the agreed form."""


@dataclass(frozen=True)
class Assertion:
    serial: str
    issuer: str
    host: str
    time: int
    nonce: str

    def is_fresh(self, now: int, seconds: int) -> bool:
        return -SKEW <= now - self.time <= seconds


def read(text: str) -> Assertion:
    """:raise Unreadable: something is missing or of another type"""
    try:
        if len(text) > LONGEST:
            raise ValueError(text)
        said = json.loads(base64.b64decode(text, validate=True))
        serial, issuer, host, nonce = (said[name] for name in ("serial", "issuer", "host", "nonce"))
        if not all(isinstance(part, str) and part for part in (serial, issuer, host, nonce)):
            raise ValueError(text)
        if type(said["time"]) is not int or len(nonce) not in NONCE:
            raise ValueError(text)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Unreadable from None
    return Assertion(serial.upper(), issuer, host, said["time"], nonce)


def write(said: dict) -> str:
    """Return the header's text, for gateways of tests."""
    return base64.b64encode(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()).decode()

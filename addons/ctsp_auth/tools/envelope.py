"""Envelopes between systems: what is inside is encrypted for one recipient and signed by one sender. Pure.

SM4-GCM with a key drawn for this envelope (GB/T 32907), that key encrypted with SM2 for the recipient (GB/T 32918.4),
SM2 with SM3 over everything (GB/T 32918.2). It lies inside TLS or TLCP, so that what passes a proxy or waits in a queue
stays closed. JSON, bytes in base64::

    {"form": "ctsp-envelope-1", "from", "to", "kind", "time", "nonce", "key", "data", "signature"}
"""
import base64
import json
from dataclasses import dataclass

from ctsp_crypto.errors import CryptoError, DecryptionFailed, EncodingError, VerificationFailed
from ctsp_crypto.material import PrivateKey, PublicKey, SymmetricKey
from ctsp_crypto.secret import Secret

FORM = "ctsp-envelope-1"
HEAD = ("form", "from", "to", "kind", "time", "nonce")
KEY_SIZE = 16
SKEW = 60  # seconds between the clocks of two systems


class EnvelopeRefused(ValueError):
    """``code``: ``form``, ``recipient``, ``late``, ``signature``, ``content``."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Opened:
    content: bytes
    sender: str
    kind: str
    time: int
    nonce: str


def seal(content: bytes, head: dict, recipient: PublicKey, ciphers, sign) -> bytes:
    """Close an envelope.

    :param head: ``from``, ``to``, ``kind``, ``time`` (Unix seconds), ``nonce``
    :param ciphers: has ``random``, ``encrypt`` (SM4) and ``encrypt_to`` (SM2)
    :param sign: bytes → signature, r‖s
    """
    head = {"form": FORM, **head}
    raw = ciphers.random(KEY_SIZE)
    closed = {
        **head,
        "key": _write(ciphers.encrypt_to(recipient, raw).value),
        "data": _write(ciphers.encrypt(SymmetricKey(Secret(raw)), content, aad=_canonical(head)).value),
    }
    closed["signature"] = _write(sign(_canonical(closed)))
    return _canonical(closed)


def open_(text: bytes, me: str, own: PrivateKey, sender_of, ciphers, now: int, seconds: int) -> Opened:
    """Open an envelope for ``me``. The signature is checked before anything is decrypted.

    :param sender_of: name → the sender's public key, or None
    :param ciphers: has ``verify``, ``decrypt_with`` and ``decrypt``
    :raise EnvelopeRefused: it is not opened. Whoever must not read one twice keeps its nonce
    """
    closed = _parsed(text)
    head = {name: closed[name] for name in HEAD}
    if head["to"] != me:
        raise EnvelopeRefused("recipient")
    if not -SKEW <= now - head["time"] <= seconds:
        raise EnvelopeRefused("late")
    sender = sender_of(head["from"])
    try:
        signature = _read(closed.pop("signature"))
        if sender is None:
            raise VerificationFailed("unknown sender")
        ciphers.verify(sender, _canonical(closed), signature)
    except (VerificationFailed, EncodingError):
        raise EnvelopeRefused("signature") from None
    try:
        raw = ciphers.decrypt_with(own, _read(closed["key"]))
        content = ciphers.decrypt(SymmetricKey(Secret(raw)), _read(closed["data"]), aad=_canonical(head))
    except DecryptionFailed:
        raise EnvelopeRefused("content") from None
    except CryptoError as error:
        if error.retryable:
            raise
        raise EnvelopeRefused("content") from None
    return Opened(content, head["from"], head["kind"], head["time"], head["nonce"])


def _parsed(text: bytes) -> dict:
    try:
        closed = json.loads(text)
        good = closed.keys() == {*HEAD, "key", "data", "signature"} and closed["form"] == FORM
        good = good and type(closed["time"]) is int
        if not good or not all(isinstance(closed[name], str) for name in closed.keys() - {"time"}):
            raise EnvelopeRefused("form")
        _canonical(closed)  # text that is none: half a pair
    except (ValueError, AttributeError, RecursionError):
        raise EnvelopeRefused("form") from None
    return closed


def _canonical(values: dict) -> bytes:
    return json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _write(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _read(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise EnvelopeRefused("form") from None

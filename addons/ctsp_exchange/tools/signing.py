"""Signatures of requests between systems: one text, HMAC-SM3 or SM2 with SM3 over it. Pure.

What is covered: method, path and query as sent, time stamp, nonce, digest of the body (docs/exchange.md).
"""
import hmac as hashed
import re
from dataclasses import dataclass

from odoo.addons.ctsp_base.tools.digest import sm3

from .reply import Refused

KEY, TIME, NONCE, SIGN = "appKey", "timestamp", "nonce", "sign"
KEY_FORM = re.compile(r"[A-Za-z0-9._-]{4,64}")
TIME_FORM = re.compile(r"[0-9]{13}")
NONCE_FORM = re.compile(r"[A-Za-z0-9._~-]{16,128}")
SIGN_FORM = re.compile(r"[A-Za-z0-9+/=]{64,160}")
#: header → (its form, the form in words)
FORMS = {
    KEY: (KEY_FORM, "密钥标识，4至64位"),
    TIME: (TIME_FORM, "13位数字，即1970年以来的毫秒数"),
    NONCE: (NONCE_FORM, "16至128位字母、数字或“._~-”"),
    SIGN: (SIGN_FORM, "64位十六进制（HMAC-SM3）或 base64（SM2）"),
}


@dataclass(frozen=True)
class Signed:
    """What the four headers say. ``timestamp`` in milliseconds since 1970."""

    key: str
    timestamp: int
    nonce: str
    sign: str


def digest(body: bytes) -> str:
    """Return SM3 of the body in hexadecimal; of no bytes for an empty one."""
    return sm3(body or b"")


def text(method: str, target: str, timestamp: int, nonce: str, body_digest: str) -> bytes:
    """Return the bytes that are signed.

    :param target: path and query as sent on the wire, percent-encoding and all
    """
    return "\n".join((method.upper(), target, str(timestamp), nonce, body_digest)).encode()


def hmac(secret: bytes, message: bytes) -> str:
    """Return HMAC-SM3 in lower-case hexadecimal."""
    return hashed.new(secret, message, "sm3").hexdigest()


def hmac_holds(secret: bytes, message: bytes, sign: str) -> bool:
    """Compare in constant time; the case of the hexadecimal digits does not matter."""
    return hashed.compare_digest(hmac(secret, message).encode(), sign.lower().encode())


def headers(key: str, method: str, target: str, body: bytes, now: int, nonce: str, sign) -> dict[str, str]:
    """Return the four headers of a request.

    :param now: milliseconds since 1970
    :param sign: bytes → text
    """
    message = text(method, target, now, nonce, digest(body))
    return {KEY: key, TIME: str(now), NONCE: nonce, SIGN: sign(message)}


def read(given) -> Signed:
    """Read the four headers of a mapping with ``get``.

    :raise Refused: ``header_missing``, naming the header and what it should be
    """
    values = []
    for name, (form, words) in FORMS.items():
        value = given.get(name) or ""
        if not form.fullmatch(value):
            wrong = "格式不正确" if value else "缺失"
            raise Refused("header_missing", f"请求头 {name} {wrong}，应为{words}", header=name)
        values.append(value)
    return Signed(values[0], int(values[1]), values[2], values[3])


def check_time(signed: Signed, now: int, seconds: int) -> None:
    """:raise Refused: ``stale``: the time stamp is more than ``seconds`` away from ``now`` (milliseconds)"""
    if abs(now - signed.timestamp) > seconds * 1000:
        raise Refused("stale", now=now)

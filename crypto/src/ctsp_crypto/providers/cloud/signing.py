"""How requests and answers are signed: HMAC-SM3 under the secret of the application, both ways.

A request covers method, path, time, a nonce and the body; an answer covers the request's nonce, the status and the
body, so that no recorded answer fits another question.
"""
import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping

from ...errors import ProviderRefused
from ...secret import Secret

APP, TIME, NONCE, SIGNATURE = "X-Ctsp-App", "X-Ctsp-Time", "X-Ctsp-Nonce", "X-Ctsp-Signature"
WINDOW = 300  # seconds between the clocks that a server accepts


def request_headers(secret: Secret, app: str, method: str, path: str, body: bytes, now: int, nonce: str) -> dict:
    signed = "\n".join((method, path, str(now), nonce, digest(body)))
    return {APP: app, TIME: str(now), NONCE: nonce, SIGNATURE: mac(secret, signed)}


def answer_signature(secret: Secret, nonce: str, status: int, body: bytes) -> str:
    return mac(secret, "\n".join((nonce, str(status), digest(body))))


def check_answer(secret: Secret, headers: Mapping, nonce: str, status: int, body: bytes) -> None:
    if not equal(headers.get(SIGNATURE, ""), answer_signature(secret, nonce, status, body)):
        raise ProviderRefused("the answer of the service is not signed by it, or belongs to another question")


def mac(secret: Secret, text: str) -> str:
    return base64.b64encode(hmac.digest(secret.reveal(), text.encode(), "sm3")).decode()


def equal(given: str, expected: str) -> bool:
    try:
        return hmac.compare_digest(base64.b64decode(given, validate=True), base64.b64decode(expected))
    except (binascii.Error, ValueError):
        return False


def digest(body: bytes) -> str:
    return hashlib.new("sm3", body).hexdigest()

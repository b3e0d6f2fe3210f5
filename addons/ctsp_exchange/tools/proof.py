"""What is kept of a signed request, so that its signature can be verified again. Pure.

The body is kept byte by byte: as the texts before and after the canonical content where that stands in it, which is
kept anyway; else whole.
"""
import base64
import json

from . import signing, strict_json


def pack(request, body: bytes, data, public_key: str | None) -> str:
    """Return what is kept of ``request`` (:class:`~.http.Request`), which carried ``body``, with ``data`` in it.

    :param public_key: what an SM2 signature was verified with; None for HMAC
    """
    said = signing.read(request.headers)
    return json.dumps({
        "method": request.method, "target": request.target, "key": said.key, "timestamp": said.timestamp,
        "nonce": said.nonce, "sign": said.sign, "publicKey": public_key, **_parts(body, data)}, ensure_ascii=False)


def body(kept: dict, content: str | None) -> bytes:
    """Return the bytes of the body; ``content``: the canonical text of its data."""
    if "base64" in kept:
        return base64.b64decode(kept["base64"])
    whole = kept["text"] if "text" in kept else kept["head"] + (content or "") + kept["tail"]
    return whole.encode()


def text(kept: dict, content: bytes) -> bytes:
    """Return the bytes that were signed if ``content`` was the body."""
    return signing.text(kept["method"], kept["target"], kept["timestamp"], kept["nonce"], signing.digest(content))


def headers(kept: dict) -> dict[str, str]:
    """Return the four headers as they came."""
    return {signing.KEY: kept["key"], signing.TIME: str(kept["timestamp"]), signing.NONCE: kept["nonce"],
            signing.SIGN: kept["sign"]}


def _parts(content: bytes, data) -> dict[str, str]:
    try:
        whole = content.decode()
    except UnicodeDecodeError:  # an envelope
        return {"base64": base64.b64encode(content).decode()}
    known = strict_json.canonical(data).decode()
    head, found, tail = whole.partition(known)
    return {"head": head, "tail": tail} if found else {"text": whole}

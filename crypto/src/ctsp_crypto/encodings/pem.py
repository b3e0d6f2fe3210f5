"""PEM blocks (RFC 7468)."""
import base64
import binascii
import re

from ..errors import EncodingError

_BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----\s(.*?)-----END \1-----", re.S)


def read(text: str, *labels: str) -> tuple[str, bytes]:
    """Label and content of the first block that has one of `labels`; other blocks (parameters, text) are passed by."""
    for label, body in _BLOCK.findall(text):
        if label in labels:
            if ":" in body:
                raise EncodingError("the old PEM encryption (Proc-Type) is not read; convert the key to PKCS#8")
            return label, from_base64("".join(body.split()))
    raise EncodingError("no PEM block of " + " / ".join(labels))


def read_many(text: str, label: str) -> list[bytes]:
    """The content of every block with this label, in order."""
    return [from_base64("".join(body.split())) for found, body in _BLOCK.findall(text) if found == label]


def write(label: str, content: bytes) -> bytes:
    body = base64.encodebytes(content).replace(b"\n", b"")
    lines = [body[start:start + 64] for start in range(0, len(body), 64)]
    return b"\n".join((f"-----BEGIN {label}-----".encode(), *lines, f"-----END {label}-----".encode(), b""))


def from_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise EncodingError("not base64") from error


def from_hex(text: str) -> bytes:
    try:
        return binascii.unhexlify(text)
    except (binascii.Error, ValueError) as error:
        raise EncodingError("not hexadecimal") from error


def to_base64(content: bytes) -> bytes:
    return base64.b64encode(content)

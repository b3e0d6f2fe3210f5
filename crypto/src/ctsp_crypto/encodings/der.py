"""Strict DER for the two SEQUENCEs of SM2: shortest lengths, shortest positive integers, nothing behind."""
from ..errors import EncodingError

INTEGER, BITS, OCTETS, OID, SEQUENCE = 0x02, 0x03, 0x04, 0x06, 0x30


def write(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def write_integer(value: int) -> bytes:
    return write(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def sequence(*parts: bytes) -> bytes:
    return write(SEQUENCE, b"".join(parts))


def oid(dotted: str) -> bytes:
    """The whole element of an object identifier."""
    first, second, *others = map(int, dotted.split("."))
    content = bytes((first * 40 + second,))
    for number in others:
        groups = [number & 0x7F]
        while number := number >> 7:
            groups.append(0x80 | number & 0x7F)
        content += bytes(reversed(groups))
    return write(OID, content)


def read(data: bytes, tag: int) -> tuple[bytes, bytes]:
    """Content of the first element, which must have `tag`, and what stands behind it."""
    if len(data) < 2 or data[0] != tag:
        raise EncodingError("not the DER element expected here")
    size, start = data[1], 2
    if size >= 0x80:
        count = size & 0x7F
        size, start = int.from_bytes(data[2:2 + count], "big"), 2 + count
        if not 1 <= count <= 4 or len(data) < start or size < 0x80 or data[2] == 0:
            raise EncodingError("a DER length is not the shortest")
    if len(data) < start + size:
        raise EncodingError("a DER element is cut off")
    return data[start:start + size], data[start + size:]


def read_integer(data: bytes) -> tuple[int, bytes]:
    content, rest = read(data, INTEGER)
    if not content or content[0] & 0x80 or (len(content) > 1 and content[0] == 0 and not content[1] & 0x80):
        raise EncodingError("a DER integer is not the shortest, or negative")
    return int.from_bytes(content, "big"), rest


def read_all(data: bytes, tag: int) -> bytes:
    content, rest = read(data, tag)
    if rest:
        raise EncodingError("bytes behind the DER value")
    return content

"""Values in JSON: bytes as base64, and strict readers of what a service answers."""
import base64
import binascii
import json
from collections.abc import Iterator, Sequence

from ...errors import ProviderRefused


def write(value: bytes) -> str:
    return base64.b64encode(value).decode()


def parse(body: bytes) -> dict:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ProviderRefused("the answer of the service is not JSON") from error
    if not isinstance(answer, dict):
        raise ProviderRefused("the answer of the service is not an object")
    return answer


def text(answer: dict, name: str) -> str:
    return _typed(answer, name, str)


def number(answer: dict, name: str) -> int:
    return _typed(answer, name, int)


def data(answer: dict, name: str, size: int | None = None) -> bytes:
    """Bytes, of exactly `size` where it is known."""
    try:
        value = base64.b64decode(text(answer, name), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ProviderRefused(f"“{name}” in the answer is not base64") from error
    if size is not None and len(value) != size:
        raise ProviderRefused(f"“{name}” in the answer has another length than asked for")
    return value


def items(answer: dict, count: int) -> list[dict]:
    found = _typed(answer, "items", list)
    if len(found) != count or not all(isinstance(item, dict) for item in found):
        raise ProviderRefused("the service answered another number of items than it was asked")
    return found


def truth(answer: dict, name: str) -> bool:
    return _typed(answer, name, bool)


def _typed(answer: dict, name: str, kind: type):
    value = answer.get(name)
    if type(value) is not kind:
        raise ProviderRefused(f"“{name}” is missing in the answer, or of another type")
    return value


def batches(sizes: Sequence[int], count: int, total: int) -> Iterator[slice]:
    """Slices of at most `count` items and `total` bytes (one item alone may be larger)."""
    start, used = 0, 0
    for index, size in enumerate(sizes):
        if index > start and (index - start >= count or used + size > total):
            yield slice(start, index)
            start, used = index, 0
        used += size
    if start < len(sizes):
        yield slice(start, len(sizes))

"""Keys out of keys: HKDF (RFC 5869) with HMAC-SM3.

Why HKDF and not the KDF of GB/T 32918.4: that one is a bare hash over secret ‖ counter, made for shared points
that are used once; it has no place for a purpose and its output for a longer length begins with that for a
shorter one. HKDF separates purposes by `info`, rests on HMAC alone, and the data keys here are uniform, so the
extraction step is a formality that costs nothing. Each derived key names what it is for, so that a MAC key, a
blind-index key and a tag key made of one data key tell nothing about each other.
"""

import hmac

from ..algorithms import DIGEST_SIZE
from ..errors import EncodingError
from ..material import SymmetricKey
from ..secret import Secret

MAC, BLIND_INDEX, CHECK = b"mac", b"blind-index", b"check-value"
_SALT = b"ctsp-keys/1"
_MAX_BLOCKS = 255


def expand(secret: Secret, use: bytes, context: bytes = b"", size: int = DIGEST_SIZE) -> Secret:
    """`size` bytes for one `use` in one `context`; both are told apart by their lengths."""
    if not 1 <= size <= _MAX_BLOCKS * DIGEST_SIZE:
        raise EncodingError("HKDF gives 1 to 8160 bytes")
    info = len(use).to_bytes(2, "big") + use + len(context).to_bytes(2, "big") + context + size.to_bytes(2, "big")
    pseudo_random = hmac.digest(_SALT, secret.reveal(), "sm3")
    block, result = b"", b""
    for number in range(1, -(-size // DIGEST_SIZE) + 1):
        block = hmac.digest(pseudo_random, block + info + bytes((number,)), "sm3")
        result += block
    return Secret(result[:size])


def mac_key(key: SymmetricKey, context: str = "") -> SymmetricKey:
    """For HMAC-SM3 over records of one kind (`context`: a model, a table)."""
    return SymmetricKey(expand(key.secret, MAC, context.encode()), key.key_id, key.version)


def index_key(key: SymmetricKey, context: str) -> SymmetricKey:
    """For the blind index of one field (`context`: model.field): equal values are equal only within it."""
    return SymmetricKey(expand(key.secret, BLIND_INDEX, context.encode()), key.key_id, key.version)


def check_value(secret: Secret) -> str:
    """Six hex digits by which people at a ceremony see that they hold the same key. Tells nothing else about it."""
    return expand(secret, CHECK, size=3).reveal().hex().upper()

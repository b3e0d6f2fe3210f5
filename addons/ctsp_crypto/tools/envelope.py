"""How ciphertext and blind indexes are stored: the version of the key stands in front. Pure functions, bytes.

- ciphertext: ``01`` · version (2 bytes, big-endian) · what the provider gave (nonce ‖ ciphertext ‖ tag)
- blind index: version (2 bytes) · the first 16 bytes of the HMAC-SM3
"""
FORMAT = b"\x01"
HEAD = 3
CODE_SIZE = 16  # 128 bits: two different values meet after 2^64


def pack(version, value):
    return head(version) + value


def head(version):
    """Return what every ciphertext under this version of the key begins with."""
    return FORMAT + version.to_bytes(2, "big")


def unpack(stored):
    """Return ``(version, value)``; :raise ValueError: not written by :func:`pack`."""
    if len(stored) <= HEAD or stored[:1] != FORMAT:
        raise ValueError("no ciphertext of a field")
    return int.from_bytes(stored[1:HEAD], "big"), stored[HEAD:]


def code(version, mac):
    return version.to_bytes(2, "big") + mac[:CODE_SIZE]

"""Encrypting a file of any size with SM4-GCM, piece by piece.

Form: one line of JSON (the header), then pieces: each is ciphertext and tag of up to `chunk` bytes of
plaintext. The nonce of a piece is prefix (7 bytes) ‖ number (4) ‖ 1 for the last one, else 0: pieces cannot be
reordered, dropped, repeated or cut off (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár). The
associated data is the SM3 digest of the header. The content key is new for each file; it is derived from a
passphrase, or wrapped by a key, or encrypted for SM2 public keys.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import BinaryIO

from .. import algorithms
from ..errors import DecryptionFailed, EncodingError
from ..material import SymmetricKey
from ..sealing.files import canonical
from ..secret import Secret
from .locks import Lock, Unlock

FORMAT = "ctsp-file/1"
CHUNK = 1024 * 1024
MAX_HEADER = 64 * 1024
MAX_CHUNK = 64 * 1024 * 1024
PREFIX = 7
TAG = algorithms.GCM_TAG_SIZE

Progress = Callable[[int], None]


def quiet(_done: int) -> None:
    """No progress shown."""


def encrypt_file(
    source: BinaryIO, target: BinaryIO, lock: Lock, provider, progress: Progress = quiet, chunk: int = CHUNK
) -> None:
    """Reads `source` to its end."""
    key = SymmetricKey(Secret(provider.random(algorithms.SM4_KEY_SIZE)))
    prefix = provider.random(PREFIX)
    header = canonical(
        {
            "format": FORMAT,
            "algorithm": algorithms.SM4_GCM,
            "chunk": chunk,
            "prefix": prefix.hex(),
            "key": lock(key.secret),
        }
    )
    target.write(header + b"\n")
    aad = hashlib.new("sm3", header).digest()
    done = 0
    for number, last, piece in _pieces(source, chunk):
        nonce = _nonce(prefix, number, last)
        target.write(provider.encrypt(key, piece, aad=aad, iv=nonce).value[algorithms.GCM_NONCE_SIZE :])
        done += len(piece)
        progress(done)


def decrypt_file(source: BinaryIO, target: BinaryIO, unlock: Unlock, provider, progress: Progress = quiet) -> None:
    """What has been written to `target` counts only when this returns: throw it away if it raises.

    Raises EncodingError (not such a file), DecryptionFailed (damaged, cut off, another key).
    """
    line = source.readline(MAX_HEADER)
    header = _header(line)
    prefix = bytes.fromhex(header["prefix"])
    key = SymmetricKey(unlock(header["key"]))
    aad = hashlib.new("sm3", line.rstrip(b"\n")).digest()
    done = len(line)
    for number, last, piece in _pieces(source, header["chunk"] + TAG):
        if len(piece) < TAG:
            raise DecryptionFailed("the file is cut off")
        target.write(provider.decrypt(key, _nonce(prefix, number, last) + piece, aad=aad))
        done += len(piece)
        progress(done)


def _header(line: bytes) -> dict:
    try:
        header = json.loads(line)
        good = (
            line.endswith(b"\n")
            and header["format"] == FORMAT
            and header["algorithm"] == algorithms.SM4_GCM
            and type(header["chunk"]) is int
            and 1 <= header["chunk"] <= MAX_CHUNK
            and len(bytes.fromhex(header["prefix"])) == PREFIX
            and isinstance(header["key"], dict)
        )
    except (ValueError, KeyError, TypeError):
        good = False
    if not good:
        raise EncodingError("not a file encrypted by this tool")
    return header


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes((last,))


def _pieces(source: BinaryIO, size: int) -> Iterator[tuple[int, bool, bytes]]:
    """Number, whether it is the last one, content; at least one, which may be empty."""
    number, piece = 0, _read(source, size)
    while True:
        following = _read(source, size)
        yield number, not following, piece
        if not following:
            return
        number, piece = number + 1, following


def _read(source: BinaryIO, size: int) -> bytes:
    """Exactly so many bytes but at the end: a pipe gives less at a time."""
    parts, missing = [], size
    while missing and (part := source.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)

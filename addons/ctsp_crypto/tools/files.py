"""Encrypted files of the file store: their names, their form on disk, reading and writing.

The name is a keyed digest of the content, so that equal files are stored once and nobody can test a guess at what a
file says; it begins with ``x``, which no name of a clear file does. On disk stands ``CTSPF1`` · version of the key
(2 bytes) · number of pieces (4 bytes) · the pieces (nonce ‖ ciphertext ‖ tag, 1 MiB of content each). Each piece is
bound to the name, its place and the number of pieces: what was altered, cut, reordered or exchanged does not open.
"""
import os
import struct
import tempfile

from odoo.addons.ctsp_base.tools.digest import sm3

PURPOSE = "attachment.data"
INDEX = "personal.index"
CONTEXT = "ir.attachment.content"
MARK = "x"
NAME_SIZE = 40
MAGIC = b"CTSPF1"
HEAD = struct.Struct(">6sHI")
PIECE = 1 << 20
OVERHEAD = 28  # of a piece: nonce and tag


def is_sealed(name):
    """Return whether a checksum, or the name of a stored file, is that of an encrypted file."""
    return bool(name) and name.rpartition("/")[2].startswith(MARK)


def name_of(door, content):
    """Return what stands for the checksum of an encrypted file, 40 characters."""
    return names_of(door, [(len(content), sm3(content))])[0]


def names_of(door, facts):
    """Return the names of files of which size and SM3 are known."""
    messages = [f"{size}:{digest}".encode() for size, digest in facts]
    return [(MARK + code.hex())[:NAME_SIZE] for code in door._blind(INDEX, CONTEXT, messages).values]


def stored_size(size):
    """Return the bytes on disk of a content of ``size`` bytes."""
    return HEAD.size + size + OVERHEAD * max(1, -(-size // PIECE))


def seal(door, name, content):
    """Return the bytes on disk."""
    pieces = [content[start:start + PIECE] for start in range(0, len(content), PIECE)] or [b""]
    batch = door._encrypt(PURPOSE, [
        (piece, _binding(name, place, len(pieces))) for place, piece in enumerate(pieces)])
    return b"".join((HEAD.pack(MAGIC, batch.version, len(pieces)), *batch.values))


def opened(door, name, stored):
    """Return the content, None when it is not what was stored under this name."""
    version, count = head(stored)
    step = PIECE + OVERHEAD
    pieces = [stored[HEAD.size + place * step:HEAD.size + (place + 1) * step] for place in range(count)]
    if len(stored) > HEAD.size + count * step:
        return None
    rows = [(piece, _binding(name, place, count), version) for place, piece in enumerate(pieces)]
    contents = door._decrypt(PURPOSE, rows, failed=lambda place: None)
    return None if None in contents else b"".join(contents)


def head(stored):
    """Return ``(version of the key, number of pieces)``; nonsense gives one piece under a version that never was."""
    if len(stored) < HEAD.size or not stored.startswith(MAGIC):
        return 0, 1
    _magic, version, count = HEAD.unpack_from(stored)
    return version, max(1, min(count, len(stored) // OVERHEAD + 1))


def write(path, content):
    """Put a file in place at once: a reader sees all of it or the one before."""
    folder = os.path.dirname(path)
    os.makedirs(folder, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        os.chmod(name, 0o640)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def _binding(name, place, count):
    return f"ctsp-file/1\0{name}\0{place}\0{count}".encode()

"""SM3 digests (GM/T 0004-2012) by the interpreter's own OpenSSL."""

import hashlib

CHUNK = 1 << 20


def sm3(data: bytes) -> str:
    """Return the SM3 digest of ``data`` as 64 lower-case hex characters."""
    return hashlib.new("sm3", data).hexdigest()


def sm3_stream(stream) -> str:
    """Return the SM3 digest of a binary file-like object, read to its end in chunks of 1 MiB."""
    digest = hashlib.new("sm3")
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()

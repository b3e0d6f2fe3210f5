"""The text of a seal in a row: ``<version of the key>:<code in hexadecimal>``. Pure."""


def write(batch, code):
    return f"{batch.version}:{code.hex()}"


def checked(message, seal):
    """Return ``(message, code, version)`` for :meth:`ctsp.crypto._verify_mac`; for nonsense, what never holds."""
    version, _colon, code = (seal or "").partition(":")
    try:
        return message, bytes.fromhex(code), int(version)
    except ValueError:
        return b"", b"", 0

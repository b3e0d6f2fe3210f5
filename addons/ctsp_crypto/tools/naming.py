"""Names of the technical columns beside an encrypted field, and what a ciphertext is bound to."""
UUID = "crypto_uuid"
UUID_SIZE = 16


def index(name):
    """Return the column of the blind index over whole values."""
    return f"crypto_index_{name}"


def prefix(name):
    """Return the column of the blind indexes over the beginnings of values."""
    return f"crypto_prefix_{name}"


def clear(name):
    """Return the column in which clear values of an older release wait for their encryption."""
    return f"crypto_clear_{name}"


def binding(model_name, field_name):
    """Return what the row's ``crypto_uuid`` (16 bytes) is put behind to bind a ciphertext to this field of this row."""
    return b"\0".join((b"ctsp-field/1", model_name.encode(), field_name.encode(), b""))


def uuid_text(uuid):
    """Return 16 bytes as PostgreSQL writes a uuid; ``str(UUID(…))`` takes six times as long."""
    text = uuid.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def uuid_bytes(text):
    return bytes.fromhex(text.replace("-", ""))

"""Files damaged in every way, for tests of what reads them."""
import io
import re
import zipfile

VALUE = re.compile(rb'"[^"]*"|(?<=>)[^<>]+(?=<)')
NONSENSE = (b"", b"-1", b"9" * 30, b"x", b"&#0;")


def turned(content, step=1):
    """Yield ``content`` with one byte another, and cut there, at every ``step``-th place."""
    for place in range(0, len(content), step):
        yield content[:place] + bytes([content[place] ^ 1 << place % 8]) + content[place + 1:]
        yield content[:place]


def repacked(content, values=5):
    """Yield the archive with each part in turn left out, empty, cut, in an unknown encoding, and with nonsense for
    every ``values``-th of its values."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, part in parts.items():
        yield _packed({other: text for other, text in parts.items() if other != name})
        for text in (b"", part[:len(part) // 2], b'<?xml version="1.0" encoding="none"?><a/>', *_changed(part, values)):
            yield _packed(parts | {name: text})


def _changed(part, values):
    for number, found in enumerate(VALUE.finditer(part)):
        if number % values == 0:
            new = NONSENSE[number // values % len(NONSENSE)]
            quoted = b'"' + new + b'"' if found.group().startswith(b'"') else new
            yield part[:found.start()] + quoted + part[found.end():]


def _packed(parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return stream.getvalue()

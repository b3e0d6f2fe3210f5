"""What an uploaded file really is: extension against content. Pure functions on bytes."""

import io
import zipfile

from .damaged import ARCHIVE

PDF_HEAD = 1024
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MACRO_PARTS = ("vbaproject.bin", "macrosheets/")

MIME_TYPES = {
    "pdf": "application/pdf",
    "ofd": "application/ofd",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "zip": "application/zip",
}


def extension(file_name: str) -> str:
    """Return the lower-case extension of a file name without the dot, "" when there is none."""
    stem, dot, tail = (file_name or "").strip().rpartition(".")
    return tail.lower() if dot and stem else ""


def check(file_name: str, content: bytes, allowed=tuple(MIME_TYPES)) -> str:
    """Return the MIME type of a file whose content is what its name says.

    :param allowed: extensions that are accepted
    :raise ValueError: with a code: ``name``, ``extension``, ``empty``, ``content`` (is something else), ``macro``
    """
    if not (file_name or "").strip() or any(char in file_name for char in "/\\\0\r\n"):
        raise ValueError("name")
    kind = extension(file_name)
    if kind not in allowed or kind not in MIME_TYPES:
        raise ValueError("extension")
    if not content:
        raise ValueError("empty")
    if not _CHECKS[kind](content):
        raise ValueError("content")
    if kind in ("docx", "xlsx") and any(part in name.lower() for name in _names(content) for part in MACRO_PARTS):
        raise ValueError("macro")
    return MIME_TYPES[kind]


def _names(content):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.namelist()
    except ARCHIVE:
        return []


def _starts(*heads):
    return lambda content: content.startswith(heads)


def _has_part(*parts):
    return lambda content: any(name.startswith(parts) for name in _names(content))


_CHECKS = {
    "pdf": lambda content: b"%PDF-" in content[:PDF_HEAD],
    "ofd": _has_part("OFD.xml"),
    "docx": _has_part("word/"),
    "xlsx": _has_part("xl/"),
    "doc": _starts(OLE),
    "xls": _starts(OLE),
    "jpg": _starts(b"\xff\xd8\xff"),
    "jpeg": _starts(b"\xff\xd8\xff"),
    "png": _starts(b"\x89PNG\r\n\x1a\n"),
    "zip": lambda content: bool(_names(content)),
}

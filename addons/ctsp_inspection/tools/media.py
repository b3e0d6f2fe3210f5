"""Evidence files: what is accepted, what a photo says about itself, the watermarked copy. Pure functions on bytes."""
import io
from datetime import datetime
from functools import cache
from pathlib import Path

from PIL import (  # noqa: F401  the plug-in registers itself
    ExifTags,
    Image,
    ImageDraw,
    ImageFont,
    ImageOps,
    WebPImagePlugin,
)

from odoo.addons.ctsp_base.tools import file_kinds
from odoo.addons.ctsp_base.tools.damaged import PICTURE

PHOTOS = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}
VOICES = {
    "m4a": "audio/mp4", "mp3": "audio/mpeg", "wav": "audio/wav", "ogg": "audio/ogg", "webm": "audio/webm",
    "amr": "audio/amr"}
FILES = ("pdf", "ofd", "docx", "xlsx", "doc", "xls", "zip")
LIMIT_MIB = 20
MOST_PIXELS = 60_000_000
SHOWN_EDGE, THUMBNAIL_EDGE = 1600, 256
FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJKsc-Regular.otf",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
)
SIMPLIFIED_CHINESE = 2  # index of the SC face in the collection


def kind(file_name: str, content: bytes) -> tuple[str, str]:
    """Return ``(photo | voice | file, MIME type)`` of a file whose content is what its name says.

    :raise ValueError: with a code of :func:`file_kinds.check`, or ``large``, ``pixels``
    """
    if not (file_name or "").strip() or any(char in file_name for char in "/\\\0\r\n"):
        raise ValueError("name")
    if not content:
        raise ValueError("empty")
    if len(content) > LIMIT_MIB << 20:
        raise ValueError("large")
    extension = file_kinds.extension(file_name)
    if extension in PHOTOS:
        return "photo", _photo_type(extension, content)
    if extension in VOICES:
        if not _sounds(extension, content):
            raise ValueError("content")
        return "voice", VOICES[extension]
    return "file", file_kinds.check(file_name, content, FILES)


def _photo_type(extension, content):
    try:
        with Image.open(io.BytesIO(content), formats=sorted(set(PHOTOS.values()))) as image:
            found, pixels = image.format, image.width * image.height
    except Image.DecompressionBombError as error:
        raise ValueError("pixels") from error
    except PICTURE as error:
        raise ValueError("content") from error
    if found != PHOTOS[extension]:
        raise ValueError("content")
    if pixels > MOST_PIXELS:
        raise ValueError("pixels")
    return Image.MIME[found]


def _sounds(extension, content):
    """Say whether the head of the file is that of a sound file of this kind."""
    return {
        "m4a": content[4:8] == b"ftyp",
        "mp3": content[:3] == b"ID3" or (content[0] == 0xFF and len(content) > 1 and content[1] & 0xE0 == 0xE0),
        "wav": content[:4] == b"RIFF" and content[8:12] == b"WAVE",
        "ogg": content[:4] == b"OggS",
        "webm": content[:4] == b"\x1a\x45\xdf\xa3",
        "amr": content[:5] == b"#!AMR",
    }[extension]


def exif_taken(content: bytes) -> datetime | None:
    """Return the time the camera wrote into the photo (its own clock, its own zone), None when there is none."""
    try:
        with Image.open(io.BytesIO(content)) as image:
            exif = image.getexif()
            inner = exif.get_ifd(ExifTags.IFD.Exif)
            text = inner.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
            return datetime.strptime(str(text).strip("\0 "), "%Y:%m:%d %H:%M:%S") if text else None
    except PICTURE:
        return None


@cache
def _font(size):
    for path in FONTS:
        if Path(path).exists():
            return ImageFont.truetype(path, size, index=SIMPLIFIED_CHINESE if path.endswith(".ttc") else 0)
    return ImageFont.load_default(size)


def watermarked(content: bytes, lines: list[str]) -> tuple[bytes, bytes]:
    """Return ``(shown copy, thumbnail)`` of a photo as JPEG; the copy bears ``lines`` at its lower edge.

    The original is not touched. EXIF is left out of both copies, its orientation is applied.

    :raise ValueError: ``content``: the photo cannot be decoded
    """
    try:
        with Image.open(io.BytesIO(content)) as source:
            source.draft("RGB", (SHOWN_EDGE * 2, SHOWN_EDGE * 2))  # a large JPEG is decoded smaller at once
            image = ImageOps.exif_transpose(source).convert("RGB")
    except PICTURE as error:
        raise ValueError("content") from error
    image.thumbnail((SHOWN_EDGE, SHOWN_EDGE), Image.Resampling.LANCZOS)
    small = image.copy()
    small.thumbnail((THUMBNAIL_EDGE, THUMBNAIL_EDGE))
    return _jpeg(_marked(image, lines)), _jpeg(small)


def _marked(image, lines):
    """Draw the lines on a dark band below the photo, so that no part of it is covered."""
    size = max(14, image.width // 55)
    font, gap = _font(size), size // 2
    lines = [part for line in lines for part in _wrapped(line, font, image.width - 2 * gap)]
    band = gap + len(lines) * (size + gap)
    whole = Image.new("RGB", (image.width, image.height + band), (24, 32, 48))
    whole.paste(image, (0, 0))
    pen = ImageDraw.Draw(whole)
    for number, line in enumerate(lines):
        pen.text((gap, image.height + gap + number * (size + gap) - size // 6), line, font=font, fill=(255, 255, 255))
    return whole


def _wrapped(line, font, width):
    """Break a line where it would leave the picture."""
    rows, row = [], ""
    for char in line:
        if row and font.getlength(row + char) > width:
            rows.append(row)
            row = ""
        row += char
    return [*rows, row]


def _jpeg(image):
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=85)
    return stream.getvalue()

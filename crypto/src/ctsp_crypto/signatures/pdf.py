"""Signing PDF documents: a CMS signature in an incremental update (ISO 32000-1 §12.8), SubFilter
adbe.pkcs7.detached, SM2 and SM3.

The signature covers every byte of the file but its own place. It is invisible: what is to be seen of it is laid
out by whoever makes the document. Later signatures are added behind; nothing of the earlier file changes.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from PyPDF2.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
)

from ..certificates.names import attribute
from ..errors import EncodingError
from ..ports import TimeStamper
from .cms import Identity, sign_digest
from .pdf_update import UNREADABLE, Update, bounded, open_pdf

SUB_FILTER = "/adbe.pkcs7.detached"
ROOM = 16 * 1024  # bytes kept for the message: signature, chain and a time stamp
ATTACHED, PROMISED = "/CTSP_Attached", "/CTSP_TimeStamp"
CHINA = timezone(timedelta(hours=8))
_DIGITS = 10
_HIDDEN_PRINT_LOCKED = 2 + 4 + 128


@dataclass(frozen=True)
class Statement:
    """What the signature says of itself. All optional.

    `attached` travels in the signature's dictionary, under its protection: other signatures over the document as it
    was before this one, in a form that is not ours to know. `promised`: who was asked for a time stamp over this
    signature, so that it shows where somebody cut it off: nothing else of the document covers it.
    """

    reason: str = ""
    location: str = ""
    contact: str = ""
    attached: bytes = b""
    promised: str = ""


@bounded()
def sign_pdf(
    data: bytes,
    identity: Identity,
    provider,
    at: datetime,
    statement: Statement | None = None,
    *,
    gm: bool = True,
    stamper: TimeStamper | None = None,
) -> bytes:
    """The document with one more signature. Raises EncodingError, PolicyError (encrypted)."""
    try:
        update = Update(data, open_pdf(data))
        signature = update.add(_dictionary(identity, at, statement or Statement()))
        _add_field(update, signature)
        content, offsets = update.write()
    except UNREADABLE as error:
        raise EncodingError("the structure of this PDF is not understood") from error
    content, hole = _range(bytearray(content), offsets[(signature.idnum, 0)])
    message = sign_digest(_digest(content, hole), identity, provider, at, gm=gm, stamper=stamper)
    return _fill(content, hole, message)


def _dictionary(identity: Identity, at: datetime, statement: Statement) -> DictionaryObject:
    found = DictionaryObject()
    found[NameObject("/Type")] = NameObject("/Sig")
    found[NameObject("/Filter")] = NameObject("/Adobe.PPKLite")
    found[NameObject("/SubFilter")] = NameObject(SUB_FILTER)
    found[NameObject("/ByteRange")] = ArrayObject([NumberObject(0)] + [NumberObject(10 ** (_DIGITS - 1))] * 3)
    found[NameObject("/Contents")] = _Place()
    found[NameObject("/M")] = _text(pdf_time(at))
    texts = {
        "/Name": attribute(identity.certificate.subject, "CN"),
        "/Reason": statement.reason,
        "/Location": statement.location,
        "/ContactInfo": statement.contact,
        PROMISED: statement.promised,
    }
    for name, text in texts.items():
        if text:
            found[NameObject(name)] = _text(text)
    if statement.attached:
        found[NameObject(ATTACHED)] = ByteStringObject(statement.attached)
    return found


class _Place(ByteStringObject):
    """Room for the message: zeros in hexadecimal."""

    def __new__(cls):
        return super().__new__(cls, bytes(ROOM))

    def write_to_stream(self, stream, _key=None) -> None:
        stream.write(b"<" + b"0" * (2 * ROOM) + b">")


def _text(value: str) -> ByteStringObject:
    """ASCII as it is, everything else in UTF-16 with its mark."""
    return ByteStringObject(value.encode() if value.isascii() else b"\xfe\xff" + value.encode("utf-16-be"))


def pdf_time(at: datetime) -> str:
    return at.astimezone(CHINA).strftime("D:%Y%m%d%H%M%S+08'00'")


def read_time(text: str) -> datetime | None:
    """The moment in UTC, None for what is none."""
    try:
        moment = datetime.strptime(text[2:16], "%Y%m%d%H%M%S")
        sign, hours, minutes = text[16:17], text[17:19] or "0", text[20:22] or "0"
        shift = timedelta(hours=int(hours), minutes=int(minutes)) if sign in "+-" and sign else timedelta()
        return (moment - shift if sign == "+" else moment + shift).replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _add_field(update: Update, signature: IndirectObject) -> None:
    """A field without appearance on the first page, in the form of the document."""
    reader = update.reader
    catalog = DictionaryObject(reader.trailer["/Root"])
    form_reference = catalog.raw_get("/AcroForm") if "/AcroForm" in catalog else None
    form = DictionaryObject(form_reference.get_object()) if form_reference is not None else DictionaryObject()
    fields = ArrayObject(form["/Fields"].get_object() if "/Fields" in form else [])
    page = reader.pages[0]
    widget = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/FT"): NameObject("/Sig"),
            NameObject("/T"): _text(f"CTSP-{len(fields) + 1}"),
            NameObject("/V"): signature,
            NameObject("/F"): NumberObject(_HIDDEN_PRINT_LOCKED),
            NameObject("/Rect"): ArrayObject([NumberObject(0)] * 4),
            NameObject("/P"): page.indirect_reference,
        }
    )
    place = update.add(widget)
    fields.append(place)
    form[NameObject("/Fields")] = fields
    form[NameObject("/SigFlags")] = NumberObject(3)
    _put_form(update, catalog, form_reference, form)
    _put_annotation(update, page, place)


def _put_form(update: Update, catalog: DictionaryObject, reference, form: DictionaryObject) -> None:
    if isinstance(reference, IndirectObject):
        update.change(reference, form)
        return
    catalog[NameObject("/AcroForm")] = form
    update.change(update.root, catalog)


def _put_annotation(update: Update, page, place: IndirectObject) -> None:
    changed = DictionaryObject(page)
    raw = page.raw_get("/Annots") if "/Annots" in page else NullObject()
    annotations = ArrayObject(raw.get_object() if not isinstance(raw, NullObject) else [])
    annotations.append(place)
    if isinstance(raw, IndirectObject):
        update.change(raw, annotations)
        return
    changed[NameObject("/Annots")] = annotations
    update.change(page.indirect_reference, changed)


def _range(content: bytearray, start: int) -> tuple[bytearray, int]:
    """Writes what the signature covers; the content and where the message goes."""
    hole = content.index(b"/Contents <", start) + len(b"/Contents ")
    after = hole + 2 * ROOM + 2
    numbers = [0, hole, after, len(content) - after]
    begin = content.index(b"/ByteRange", start)
    end = content.index(b"]", begin) + 1
    written = b"/ByteRange [ " + b" ".join(str(number).encode() for number in numbers) + b" ]"
    content[begin:end] = written.ljust(end - begin)
    return content, hole


def _digest(content: bytearray, hole: int) -> bytes:
    state = hashlib.new("sm3")
    with memoryview(content) as view:
        state.update(view[:hole])
        state.update(view[hole + 2 * ROOM + 2 :])
    return state.digest()


def _fill(content: bytearray, hole: int, message: bytes) -> bytes:
    if len(message) > ROOM:
        raise EncodingError("the signature with its certificates does not fit into the PDF")
    content[hole + 1 : hole + 1 + 2 * len(message)] = message.hex().upper().encode()
    return bytes(content)

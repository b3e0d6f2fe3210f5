"""Verifying the signatures of a PDF: who signed which state of the document, and what came afterwards.

For each signature: its range leaves out nothing but its own message; the message holds; the certificate is
accepted. What was appended after a signature is judged by comparing the document it covers with the document as
it is: pages, their content and everything they refer to. Only further signatures may differ.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from PyPDF2 import PdfReader
from PyPDF2.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from ..certificates import TrustStore
from ..errors import CryptoError, EncodingError
from ..ports import TimeStamper
from .digests import Digests
from .pdf import ATTACHED, PROMISED, read_time
from .pdf_update import UNREADABLE, bounded, open_pdf
from .verification import MessageReport, verify

PROBLEMS = {
    "range": "签名范围没有覆盖应当覆盖的内容",
    "message": "签名数据无法读取",
    "changed": "签名之后文档内容被修改",
}
KNOWN_FILTERS = ("/adbe.pkcs7.detached", "/ETSI.CAdES.detached", "/GM.sm2seal", "/GM.pkcs7.detached")


@dataclass
class PdfSignature:
    """One signature. `covers`: bytes of the file it vouches for; `whole`: nothing was appended after it."""

    name: str
    reason: str
    stated_at: datetime | None
    covers: int
    whole: bool
    message: MessageReport | None = None
    problems: list[str] = field(default_factory=list)
    hole: tuple[int, int] = (0, 0)
    attached: bytes = b""
    promised: str = ""

    @property
    def good(self) -> bool:
        return not self.problems and self.message is not None and self.message.good

    def texts(self) -> list[str]:
        found = [PROBLEMS[code] for code in self.problems]
        for signer in self.message.signers if self.message else ():
            found += signer.texts()
        return found


@dataclass
class PdfReport:
    signatures: list[PdfSignature]

    @property
    def good(self) -> bool:
        """At least one signature, and all hold."""
        return bool(self.signatures) and all(one.good for one in self.signatures)


@bounded()
def verify_pdf(
    data: bytes,
    provider,
    trust: TrustStore | None = None,
    at: datetime | None = None,
    *,
    stamper: TimeStamper | None = None,
) -> PdfReport:
    """Raises EncodingError for what is no PDF."""
    reader = open_pdf(data)
    try:
        found = [_read(data, one) for one in _dictionaries(reader)]
    except UNREADABLE as error:
        raise EncodingError("the signatures of this PDF cannot be read") from error
    reports = []
    for signature, message in found:
        if not signature.problems:
            _check_message(data, signature, message, provider, trust, at, stamper)
        if not signature.whole and "range" not in signature.problems:
            _check_later(data, signature, reader)
        reports.append(signature)
    return PdfReport(sorted(reports, key=lambda one: one.covers))


def _dictionaries(reader: PdfReader) -> list[DictionaryObject]:
    """Values of all signature fields, nested ones too."""
    form = reader.trailer["/Root"].get("/AcroForm")
    todo = list(form.get_object().get("/Fields", [])) if form else []
    found, seen = [], set()
    while todo:
        node = todo.pop(0)
        place = (node.idnum, node.generation) if isinstance(node, IndirectObject) else id(node)
        if place in seen:
            continue
        seen.add(place)
        node = node.get_object()
        todo += list(node.get("/Kids", []))
        if node.get("/FT") == "/Sig" and "/V" in node:
            found.append(node["/V"].get_object())
    return found


def _read(data: bytes, value: DictionaryObject) -> tuple[PdfSignature, bytes]:
    numbers = [int(one) for one in value["/ByteRange"]]
    message = _bytes(value["/Contents"])
    covers = numbers[2] + numbers[3] if len(numbers) == 4 else 0
    signature = PdfSignature(
        str(value.get("/Name", "")),
        str(value.get("/Reason", "")),
        read_time(str(value.get("/M", ""))),
        covers,
        covers == len(data),
    )
    good = (
        len(numbers) == 4
        and numbers[0] == 0
        and min(numbers) >= 0
        and 0 < numbers[1] < numbers[2]
        and covers <= len(data)
    )
    if not good or data[numbers[1] : numbers[2]] != b"<" + message.hex().upper().encode() + b">":
        # other programs write lower case
        if not good or data[numbers[1] : numbers[2]] != b"<" + message.hex().encode() + b">":
            signature.problems.append("range")
    signature.hole = (numbers[1], numbers[2]) if good else (0, 0)
    signature.attached = _bytes(value[ATTACHED]) if ATTACHED in value else b""
    signature.promised = str(value.get(PROMISED, ""))
    return signature, message


def _bytes(value) -> bytes:
    return bytes(value.original_bytes) if hasattr(value, "original_bytes") else bytes(value)


def _check_message(data: bytes, signature: PdfSignature, padded: bytes, provider, trust, at, stamper) -> None:
    first, second = signature.hole
    message = _unpadded(padded)
    if message is None:
        signature.problems.append("message")
        return
    covered = memoryview(data)
    sums = Digests.of([covered[:first], covered[second : signature.covers]])
    try:
        signature.message = verify(message, provider, digests=sums, trust=trust, at=at, stamper=stamper)
    except CryptoError as error:
        if error.retryable:
            raise
        signature.problems.append("message")


def _unpadded(padded: bytes) -> bytes | None:
    """The one DER value; what follows it must be zeros."""
    if len(padded) < 4 or padded[0] != 0x30 or padded[1] & 0x80 == 0 or not 1 <= padded[1] & 0x7F <= 4:
        return None
    count = padded[1] & 0x7F
    size = 2 + count + int.from_bytes(padded[2 : 2 + count], "big")
    return padded[:size] if len(padded) >= size and not any(padded[size:]) else None


def _check_later(data: bytes, signature: PdfSignature, now: PdfReader) -> None:
    """The signed revision is a PDF of its own; its pages must be those of today."""
    try:
        then = open_pdf(data[: signature.covers])
        same = fingerprint(then) == fingerprint(now)
    except (CryptoError, *UNREADABLE):
        same = False
    if not same:
        signature.problems.append("changed")


def fingerprint(reader: PdfReader) -> bytes:
    """Everything a reader can show or run, but signature fields: pages in their order with all they refer to, and
    the catalogue.
    """
    walker = _Walker()
    catalog = reader.trailer["/Root"]
    for name in sorted(catalog.keys()):
        if name not in ("/Pages", "/AcroForm", "/Perms", "/DSS", "/Extensions", "/Metadata"):
            walker.feed(name.encode())
            walker.walk(catalog.raw_get(name))
    form = catalog["/AcroForm"].get_object() if "/AcroForm" in catalog else DictionaryObject()
    for name in sorted(form.keys() - {"/Fields", "/SigFlags"}):
        walker.feed(name.encode())
        walker.walk(form.raw_get(name))
    for node in form.get("/Fields", []):
        if not _is_signature(node):
            walker.walk(node)
    for page in reader.pages:
        walker.feed(b"page")
        walker.walk(page)
    return walker.state.digest()


_SIGNATURE_KEYS = frozenset({"/Type", "/Subtype", "/FT", "/T", "/V", "/F", "/Rect", "/P", "/Lock", "/SV"})


def _is_signature(node) -> bool:
    """A field that shows and does nothing: one with an appearance could cover text, one with an action could run."""
    found = node.get_object()
    box = [float(one) for one in found.get("/Rect", [0, 0, 0, 0])]
    return found.get("/FT") == "/Sig" and not found.keys() - _SIGNATURE_KEYS and box[0] == box[2] and box[1] == box[3]


class _Walker:
    """A digest over values, references followed once."""

    def __init__(self):
        self.state = hashlib.new("sm3")
        self._seen: dict[tuple[int, int], int] = {}

    def feed(self, content: bytes) -> None:
        self.state.update(len(content).to_bytes(8, "big") + content)

    def _members(self, one: DictionaryObject) -> list:
        """Names are fed, values come back in the order in which they are to be taken from the end."""
        names = sorted(name for name in one if name not in ("/Parent", "/P"))
        annotations = []
        if one.get("/Type") == "/Page" and "/Annots" in names:
            names.remove("/Annots")
            annotations = [node for node in one.get("/Annots") or [] if not _is_signature(node)]
        self.feed(f"{names} {len(annotations)}".encode())
        return [*reversed(annotations), *(one.raw_get(name) for name in reversed(names))]

    def walk(self, value) -> None:
        todo = [value]
        while todo:
            one = todo.pop()
            if isinstance(one, IndirectObject):
                place = (one.idnum, one.generation)
                known = place in self._seen
                self._seen.setdefault(place, len(self._seen))
                self.feed(b"ref %d" % self._seen[place])
                if not known:
                    todo.append(one.get_object())
            elif isinstance(one, DictionaryObject):
                todo += self._members(one)
                if isinstance(one, StreamObject):
                    self.feed(one._data if isinstance(one._data, bytes) else one._data.encode("latin-1", "replace"))
            elif isinstance(one, ArrayObject):
                self.feed(b"array %d" % len(one))
                todo += reversed(list(one))
            else:
                self.feed(f"{type(one).__name__} {one!r}".encode("utf-8", "surrogatepass"))

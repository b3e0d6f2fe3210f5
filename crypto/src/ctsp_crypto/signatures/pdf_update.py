"""An incremental update of a PDF: new and changed objects behind the untouched bytes of the original (ISO
32000-1 §7.5.6).

Reading is PyPDF2's part; what is written here is small: a few objects and a cross-reference section of the kind
the document already uses (table or stream). Encrypted documents are refused.
"""

import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO

from PyPDF2 import PdfReader
from PyPDF2.errors import PdfReadError
from PyPDF2.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
)

from ..errors import EncodingError, PolicyError

MAX_BYTES = 512 * 1024 * 1024
UNREADABLE = (
    PdfReadError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    RecursionError,
    OverflowError,
    zlib.error,
    AssertionError,
    NotImplementedError,
)
_START = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")


class Exhausted(BaseException):
    """The reader goes round in circles. No Exception: PyPDF2 swallows those and would go on."""


class _Bounded(BytesIO):
    """PyPDF2 reads byte by byte and never ends on some damaged documents: so many reads and no more."""

    def __init__(self, data: bytes):
        super().__init__(data)
        self._left = 10 * len(data) + 300_000

    def read(self, size: int | None = -1) -> bytes:
        self._left -= 1
        if self._left < 0:
            raise Exhausted
        return super().read(size)


@contextmanager
def bounded() -> Iterator[None]:
    """Around everything that reads a document of somebody else."""
    try:
        yield
    except Exhausted:
        raise EncodingError("not a PDF document that can be read") from None


def open_pdf(data: bytes) -> PdfReader:
    """Raises EncodingError for what is no PDF, PolicyError for an encrypted one."""
    if len(data) > MAX_BYTES or b"%PDF-" not in data[:1024]:
        raise EncodingError("not a PDF document")
    try:
        reader = PdfReader(_Bounded(data), strict=False)
        encrypted = reader.is_encrypted
        if not encrypted:
            len(reader.pages)
    except UNREADABLE as error:
        raise EncodingError("not a PDF document that can be read") from error
    if encrypted:
        raise PolicyError("an encrypted PDF is not signed")
    return reader


@dataclass
class Update:
    """Collects objects, then writes the section. `numbers` are object numbers; generations stay as they are."""

    data: bytes
    reader: PdfReader
    objects: dict[tuple[int, int], PdfObject] = field(default_factory=dict)

    def __post_init__(self):
        found = _START.search(self.data[-2048:])
        if not found:
            raise EncodingError("the PDF does not end as it should")
        self.previous = int(found[1])
        self.as_stream = not self.data[self.previous :].lstrip().startswith(b"xref")
        known = [number for table in self.reader.xref.values() for number in table] + list(self.reader.xref_objStm)
        self._next = max(known, default=0) + 1

    @property
    def root(self) -> IndirectObject:
        return self.reader.trailer.raw_get("/Root")

    def add(self, value: PdfObject) -> IndirectObject:
        number = self._next
        self._next += 1
        self.objects[(number, 0)] = value
        return IndirectObject(number, 0, self.reader)

    def change(self, reference: IndirectObject, value: PdfObject) -> None:
        self.objects[(reference.idnum, reference.generation)] = value

    def write(self) -> tuple[bytes, dict[tuple[int, int], int]]:
        """The whole new file, and where each new object begins in it."""
        out = BytesIO()
        out.write(self.data)
        if not self.data.endswith(b"\n"):
            out.write(b"\n")
        offsets = {}
        for (number, generation), value in sorted(self.objects.items()):
            offsets[(number, generation)] = out.tell()
            out.write(f"{number} {generation} obj\n".encode())
            value.write_to_stream(out, None)
            out.write(b"\nendobj\n")
        start = out.tell()
        self._write_stream(out, offsets) if self.as_stream else self._write_table(out, offsets)
        out.write(f"startxref\n{start}\n%%EOF\n".encode())
        return out.getvalue(), offsets

    def _trailer(self, size: int) -> DictionaryObject:
        trailer = DictionaryObject(
            {NameObject("/Size"): NumberObject(size), NameObject("/Prev"): NumberObject(self.previous)}
        )
        for name in ("/Root", "/Info", "/ID"):
            if name in self.reader.trailer:
                trailer[NameObject(name)] = _exact(self.reader.trailer.raw_get(name))
        return trailer

    def _write_table(self, out: BytesIO, offsets: dict) -> None:
        out.write(b"xref\n")
        for run in _runs(sorted(offsets)):
            out.write(f"{run[0][0]} {len(run)}\n".encode())
            for place in run:
                out.write(f"{offsets[place]:010d} {place[1]:05d} n \n".encode())
        out.write(b"trailer\n")
        self._trailer(self._next).write_to_stream(out, None)
        out.write(b"\n")

    def _write_stream(self, out: BytesIO, offsets: dict) -> None:
        """The cross-reference stream is an object itself and stands in its own table."""
        place = (self._next, 0)
        entries = {**offsets, place: out.tell()}
        runs = _runs(sorted(entries))
        rows = b"".join(
            b"\x01" + entries[one].to_bytes(5, "big") + one[1].to_bytes(2, "big") for run in runs for one in run
        )
        head = self._trailer(self._next + 1)
        head[NameObject("/Type")] = NameObject("/XRef")
        head[NameObject("/W")] = ArrayObject([NumberObject(1), NumberObject(5), NumberObject(2)])
        head[NameObject("/Index")] = ArrayObject([NumberObject(one) for run in runs for one in (run[0][0], len(run))])
        head[NameObject("/Length")] = NumberObject(len(rows))
        out.write(f"{place[0]} 0 obj\n".encode())
        head.write_to_stream(out, None)
        out.write(b"\nstream\n" + rows + b"\nendstream\nendobj\n")


def _exact(value: PdfObject) -> PdfObject:
    """The file identifiers as byte strings: text would be written in another encoding."""
    if not isinstance(value, ArrayObject):
        return value
    return ArrayObject(
        [ByteStringObject(one.original_bytes) if hasattr(one, "original_bytes") else one for one in value]
    )


def _runs(places: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Object numbers that follow one another."""
    runs: list[list[tuple[int, int]]] = []
    for place in places:
        if runs and place[0] == runs[-1][-1][0] + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs

"""Signed PDF documents: readable by others, every change of what was signed is found, later signatures are not."""

import io
import random
import re

import pytest
from PyPDF2 import PdfReader, PdfWriter
from reportlab.pdfgen import canvas
from test_messages import Stamper

from authorities import NOW, PROVIDER, Tree
from ctsp_crypto import CryptoError, PolicyError
from ctsp_crypto.signatures import Identity
from ctsp_crypto.signatures.pdf import ROOM, Statement, pdf_time, read_time, sign_pdf
from ctsp_crypto.signatures.pdf_verification import verify_pdf


@pytest.fixture(scope="module")
def tree():
    return Tree.plant()


@pytest.fixture(scope="module")
def identity(tree):
    return Identity(tree.pair.key, tree.leaf, [tree.middle.certificate])


def classic() -> bytes:
    """A document with a table."""
    out = io.BytesIO()
    page = canvas.Canvas(out, invariant=True)
    for number in (1, 2):
        page.drawString(100, 700, f"Inspection report, page {number}")
        page.bookmarkPage(f"p{number}")
        page.addOutlineEntry(f"Page {number}", f"p{number}")
        page.showPage()
    page.save()
    return out.getvalue()


def modern() -> bytes:
    """A document with object and cross-reference streams and a link."""
    weasyprint = pytest.importorskip("weasyprint")
    return weasyprint.HTML(
        string="<h1 id=a>检查报告</h1><a href='#a'>一</a><a href='https://example.org'>二</a>"
    ).write_pdf()


@pytest.fixture(scope="module", params=[classic, modern])
def document(request):
    return request.param()


@pytest.fixture(scope="module")
def signed(document, identity):
    return sign_pdf(document, identity, PROVIDER, NOW, Statement("签发检查报告", "杭州"))


def outcome(data, tree):
    return [(one.good, one.whole, one.problems) for one in verify_pdf(data, PROVIDER, tree.store()).signatures]


def test_signed(document, signed, tree):
    assert signed.startswith(document), "the original is untouched"
    report = verify_pdf(signed, PROVIDER, tree.store())
    assert report.good
    one = report.signatures[0]
    assert (one.name, one.reason, one.stated_at, one.whole) == ("张三（示例）", "签发检查报告", NOW, True)
    assert len(PdfReader(io.BytesIO(signed)).pages) == len(PdfReader(io.BytesIO(document)).pages)


def test_time_stamp(document, identity, tree):
    """It stands in the file, is about this signature alone, and the file says that there is to be one."""
    stamper = Stamper(NOW)
    stamped = sign_pdf(document, identity, PROVIDER, NOW, Statement(promised="示例时间戳机构"), stamper=stamper)
    one = verify_pdf(stamped, PROVIDER, tree.store(), stamper=stamper).signatures[0]
    signer = one.message.signers[0]
    assert (one.good, one.promised, signer.stamp, signer.stamped_at) == (True, "示例时间戳机构", "holds", NOW)
    assert verify_pdf(stamped, PROVIDER, tree.store()).signatures[0].message.signers[0].stamp == "unchecked"
    other = verify_pdf(stamped, PROVIDER, tree.store(), stamper=Stamper(NOW)).signatures[0]
    assert (other.good, other.message.signers[0].stamp) == (False, "broken")
    without = sign_pdf(document, identity, PROVIDER, NOW, Statement(promised="示例时间戳机构"), stamper=Away())
    one = verify_pdf(without, PROVIDER, tree.store(), stamper=stamper).signatures[0]
    assert (one.good, one.promised, one.message.signers[0].stamp) == (True, "示例时间戳机构", "")


class Away:
    """An authority that cannot be asked now."""

    def time_stamp(self, digest):
        return None


def test_times():
    assert read_time(pdf_time(NOW)) == NOW
    for nothing in ("", "D:", "D:20261345000000Z", "D:00010101000000+14'00'", "D:99991231235959-14'00'", "D:2026x"):
        assert read_time(nothing) is None, nothing


def test_unsigned(document, tree):
    report = verify_pdf(document, PROVIDER, tree.store())
    assert report.signatures == []
    assert not report.good


def test_three_signatures(signed, identity, tree):
    data = signed
    for _ in range(2):
        data = sign_pdf(data, identity, PROVIDER, NOW)
    assert outcome(data, tree) == [(True, False, []), (True, False, []), (True, True, [])]


def test_what_travels_in_a_signature(document, identity, tree):
    """It is read back as it was given, is under the signature's protection, and stays with that signature."""
    given = b'{"text": "x", "length": 12}' + bytes(range(256))
    signed = sign_pdf(sign_pdf(document, identity, PROVIDER, NOW, Statement(attached=given)), identity, PROVIDER, NOW)
    report = verify_pdf(signed, PROVIDER, tree.store())
    assert report.good
    assert [one.attached for one in report.signatures] == [given, b""]
    at = signed.index(given.hex().encode())
    changed = signed[:at] + (b"0" if signed[at : at + 1] != b"0" else b"1") + signed[at + 1 :]
    assert not verify_pdf(changed, PROVIDER, tree.store()).good


def test_flipped_bytes(signed, tree):
    """Of the whole file, the place of the signature too."""
    generator = random.Random(2)
    start = signed.index(b"/Contents <") + 11
    places = [*generator.sample(range(len(signed)), 60), start, start + 1, start + 2 * ROOM - 1]
    places += [start + generator.randrange(3000) for _ in range(20)]
    for at in places:
        bad = bytearray(signed)
        bad[at] ^= 1 << generator.randrange(7)
        try:
            # the certificates that travel along are no evidence: the store has none of its own here
            assert not verify_pdf(bytes(bad), PROVIDER, tree.store(intermediates=[])).good, at
        except CryptoError:
            continue


def test_cut_off_and_appended(signed, tree):
    with pytest.raises(CryptoError):
        assert not verify_pdf(signed[: len(signed) // 2], PROVIDER, tree.store()).good
        raise CryptoError
    assert not verify_pdf(signed + b"%comment\n", PROVIDER, tree.store()).signatures[0].whole


def appended(data: bytes, change) -> bytes:
    """An incremental update as an attacker would write it."""
    from ctsp_crypto.signatures.pdf_update import Update, open_pdf

    update = Update(data, open_pdf(data))
    change(update)
    return update.write()[0]


def attacks():
    from PyPDF2.generic import (
        ArrayObject,
        DecodedStreamObject,
        DictionaryObject,
        NameObject,
        NumberObject,
        TextStringObject,
    )

    def other_content(update):
        page = DictionaryObject(update.reader.pages[0])
        stream = DecodedStreamObject()
        stream.set_data(b"BT /F1 12 Tf 100 700 Td (Passed) Tj ET")
        page[NameObject("/Contents")] = update.add(stream)
        update.change(update.reader.pages[0].indirect_reference, page)

    def fewer_pages(update):
        reference = update.reader.trailer["/Root"].raw_get("/Pages")
        pages = DictionaryObject(reference.get_object())
        pages[NameObject("/Kids")] = ArrayObject(list(pages["/Kids"]) * 2)
        pages[NameObject("/Count")] = NumberObject(int(pages["/Count"]) * 2)
        update.change(reference, pages)

    def note_over_text(update):
        page = DictionaryObject(update.reader.pages[0])
        note = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Annot"),
                NameObject("/Subtype"): NameObject("/FreeText"),
                NameObject("/Rect"): ArrayObject([NumberObject(n) for n in (90, 690, 300, 720)]),
                NameObject("/Contents"): TextStringObject("Passed"),
            }
        )
        page[NameObject("/Annots")] = ArrayObject([*page.get("/Annots", []), update.add(note)])
        update.change(update.reader.pages[0].indirect_reference, page)

    def script(update):
        catalog = DictionaryObject(update.reader.trailer["/Root"])
        catalog[NameObject("/OpenAction")] = DictionaryObject(
            {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
        )
        update.change(update.root, catalog)

    def disguised(update):
        """A note that calls itself a signature field."""
        page = DictionaryObject(update.reader.pages[0])
        note = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Annot"),
                NameObject("/Subtype"): NameObject("/Widget"),
                NameObject("/FT"): NameObject("/Sig"),
                NameObject("/AP"): DictionaryObject(),
                NameObject("/Rect"): ArrayObject([NumberObject(n) for n in (90, 690, 300, 720)]),
            }
        )
        page[NameObject("/Annots")] = ArrayObject([*page.get("/Annots", []), update.add(note)])
        update.change(update.reader.pages[0].indirect_reference, page)

    return [other_content, fewer_pages, note_over_text, script, disguised]


@pytest.mark.parametrize("attack", attacks(), ids=lambda attack: attack.__name__)
def test_changes_after_signing(signed, tree, attack, identity):
    changed = appended(signed, attack)
    assert outcome(changed, tree) == [(False, False, ["changed"])]
    again = sign_pdf(changed, identity, PROVIDER, NOW)
    assert outcome(again, tree) == [(False, False, ["changed"]), (True, True, [])]


def test_a_range_that_leaves_something_out(signed, tree):
    """The attacker widens the hole of the signature and hides content in it."""
    start = signed.index(b"/ByteRange")
    found = re.match(rb"/ByteRange \[ 0 (\d+) (\d+) (\d+) \]", signed[start:])
    hole, after, rest = (int(one) for one in found.groups())
    for numbers in (
        (0, hole - 10, after, rest),
        (0, hole, after + 10, rest - 10),
        (0, hole, after, rest - 10),
        (5, hole, after, rest),
        (0, hole, after, rest + 999),
    ):
        text = b"/ByteRange [ %d %d %d %d ]" % numbers
        bad = signed.replace(found[0], text.ljust(len(found[0])), 1)
        try:
            assert not verify_pdf(bad, PROVIDER, tree.store()).good, numbers
        except CryptoError:
            continue


def test_a_signature_moved_to_another_document(signed, tree, identity):
    other = sign_pdf(classic().replace(b"Inspection", b"inspection"), identity, PROVIDER, NOW)

    def message(data):
        start = data.index(b"/Contents <") + 11
        return start, data[start : start + 2 * ROOM]

    start, _own = message(other)
    _start, stolen = message(signed)
    bad = other[:start] + stolen + other[start + 2 * ROOM :]
    assert not verify_pdf(bad, PROVIDER, tree.store()).good


def test_what_is_refused(identity):
    writer = PdfWriter()
    writer.append_pages_from_reader(PdfReader(io.BytesIO(classic())))
    writer.encrypt("secret")
    out = io.BytesIO()
    writer.write(out)
    for bad in (b"", b"%PDF-1.4 nothing", b"x" * 2000, out.getvalue(), classic()[:-40]):
        with pytest.raises(CryptoError):
            sign_pdf(bad, identity, PROVIDER, NOW)
        with pytest.raises(CryptoError):
            assert not verify_pdf(bad, PROVIDER).good
            raise CryptoError
    with pytest.raises(PolicyError):
        verify_pdf(out.getvalue(), PROVIDER)


def test_an_existing_form_is_kept(identity, tree):
    out = io.BytesIO()
    page = canvas.Canvas(out)
    page.acroForm.textfield(name="remark", x=100, y=600)
    page.showPage()
    page.save()
    data = sign_pdf(out.getvalue(), identity, PROVIDER, NOW)
    assert "remark" in PdfReader(io.BytesIO(data)).get_fields()
    assert outcome(data, tree) == [(True, True, [])]
    assert outcome(sign_pdf(data, identity, PROVIDER, NOW), tree) == [(True, False, []), (True, True, [])]

"""Hostile input: whatever is read from outside is refused with an error of ours, never with an accident."""

import io
import random

import pytest
from reportlab.pdfgen import canvas
from test_messages import Stamper

from authorities import NOW, PERSON, PROVIDER, Tree
from ctsp_crypto import CryptoError
from ctsp_crypto.certificates import Certificate, RevocationList, profile, read_many, summary
from ctsp_crypto.certificates.authority import Authority, Request, request_for
from ctsp_crypto.certificates.csr import Request as Csr
from ctsp_crypto.encodings import der
from ctsp_crypto.signatures import Identity, sign, verify
from ctsp_crypto.signatures.pdf import sign_pdf
from ctsp_crypto.signatures.pdf_verification import verify_pdf

TREE, STAMPER = Tree.plant(), Stamper(NOW)


def certificate(data):
    found = Certificate(data)
    summary.describe(found, NOW)
    profile.text(profile.check(found, NOW))
    TREE.store().check(found, at=NOW)


def revocations(data):
    found = RevocationList(data)
    found.check_issuer(TREE.middle.certificate, PROVIDER)


def request(data):
    Csr(data).check(PROVIDER)


def message(data):
    verify(data, PROVIDER, content=b"content", trust=TREE.store())


def stamped(data):
    verify(data, PROVIDER, content=b"content", trust=TREE.store(), stamper=STAMPER)


def document(data):
    verify_pdf(data, PROVIDER, TREE.store())


def samples():
    ca = Authority(TREE.middle.pair, TREE.middle.certificate, PROVIDER, NOW)
    ca.revoke(TREE.leaf)
    identity = Identity(TREE.pair.key, TREE.leaf, [TREE.middle.certificate])
    rich, _pair = TREE.middle.issue_with_key(
        Request(
            PERSON,
            purposes=("1.3.6.1.5.5.7.3.2",),
            crl_url="http://crl.example",
            dns_names=("a.example",),
            path_length=1,
            ca=True,
        )
    )
    out = io.BytesIO()
    page = canvas.Canvas(out, invariant=True)
    page.drawString(1, 1, "x")
    page.save()
    return {
        "certificate": (certificate, rich.der),
        "pem": (lambda data: [certificate(one.der) for one in read_many(data)], rich.pem()),
        "crl": (revocations, ca.crl().der),
        "request": (request, request_for(TREE.pair, PERSON, PROVIDER)),
        "message": (message, sign(b"content", identity, PROVIDER, NOW)),
        "stamped": (stamped, sign(b"content", identity, PROVIDER, NOW, stamper=STAMPER)),
        "pdf": (document, sign_pdf(out.getvalue(), identity, PROVIDER, NOW)),
    }


SAMPLES = samples()


def mutated(data: bytes, generator: random.Random) -> bytes:
    """Bytes changed, taken out, put in, repeated; lengths made absurd."""
    bad = bytearray(data)
    for _ in range(generator.randrange(1, 6)):
        at = generator.randrange(len(bad) or 1)
        match generator.randrange(5):
            case 0:
                bad[at : at + 1] = bytes((generator.randrange(256),))
            case 1:
                del bad[at : at + generator.randrange(1, 40)]
            case 2:
                bad[at:at] = generator.randbytes(generator.randrange(1, 10))
            case 3:
                bad[at:at] = bad[at : at + generator.randrange(1, 60)]
            case 4:
                bad[at : at + 1] = b"\x84\xff\xff\xff\xff"[: generator.randrange(1, 6)]
    return bytes(bad)


@pytest.mark.parametrize("kind", SAMPLES)
def test_mutations(kind):
    read, data = SAMPLES[kind]
    generator = random.Random(kind)
    for _ in range(60 if kind == "pdf" else 300):
        bad = mutated(data, generator)
        try:
            read(bad)
        except CryptoError:
            continue


@pytest.mark.parametrize("kind", SAMPLES)
def test_noise(kind):
    read, data = SAMPLES[kind]
    generator = random.Random(kind)
    for size in (0, 1, 2, 10, 100, 1000):
        for bad in (
            generator.randbytes(size),
            data[: min(size, len(data) // 2)],
            b"\x30" * size,
            b"\x30\x80" * size,
            b"%PDF-" + generator.randbytes(size),
        ):
            with pytest.raises(CryptoError):
                read(bad)
                if kind in ("message", "stamped", "pdf"):
                    raise CryptoError


def parts(data: bytes, place=()):
    """The place of every value in a DER value: its number, that of the value in it, and so on."""
    for number, (tag, content) in enumerate(values(data)):
        yield (*place, number)
        if tag & 0x20:
            yield from parts(content, (*place, number))


def values(data: bytes):
    while data:
        tag = data[0]
        content, data = der.read(data, tag)
        yield tag, content


def exchanged(data: bytes, place, new: bytes) -> bytes:
    first, *rest = place
    return b"".join(
        der.write(tag, content) if number != first
        else der.write(tag, exchanged(content, rest, new)) if rest else new
        for number, (tag, content) in enumerate(values(data))
    )


@pytest.mark.parametrize("kind", [kind for kind in SAMPLES if kind not in ("pdf", "pem")])
def test_another_kind_of_value(kind):
    """Each value in turn is one nested deeper than Python calls, or of a kind that does not belong there."""
    read, data = SAMPLES[kind]
    nested = b""
    for _ in range(3000):
        nested = der.write(0x30, nested)
    for place in parts(data):
        for new in (nested, b"\x30\x80" * 3000, b"\x02\x01\x05", b"\x24\x02\x04\x00", b"\x17\x01x", b"\x0c\x01\xff"):
            try:
                read(exchanged(data, place, new))
            except CryptoError:
                continue


def test_a_document_that_never_ends():
    """PyPDF2 alone would read this for ever."""
    data = SAMPLES["pdf"][1]
    generator = random.Random("pdf")
    for _ in range(456):
        mutated(data, generator)
    with pytest.raises(CryptoError):
        document(mutated(data, generator))

"""Forms of signatures and ciphertexts: there and back, and one accepted spelling only."""
import pytest

import vectors
from ctsp_crypto import sm2
from ctsp_crypto.encodings import ciphertexts, der, signatures
from ctsp_crypto.encodings.ciphertexts import Form
from ctsp_crypto.errors import EncodingError

SIGNATURE, CIPHERTEXT = vectors.SM2_SIGNATURE, vectors.SM2_CIPHERTEXT
R, S = SIGNATURE[:32], SIGNATURE[32:]


def test_signature_to_der():
    """Both numbers have their top bit set, so each gets a zero in front."""
    assert signatures.to_der(SIGNATURE) == bytes.fromhex("3046022100") + R + bytes.fromhex("022100") + S


@pytest.mark.parametrize("r, s", [(1, 1), (127, 128), (255, 256), (sm2.N - 1, 1), (1, sm2.N - 1), (1 << 247, 1 << 248)])
def test_signatures_there_and_back(r, s):
    raw = signatures.join(r, s)
    assert signatures.split(raw) == (r, s)
    assert signatures.to_raw(signatures.to_der(raw)) == raw
    assert signatures.read(raw) == raw
    assert signatures.read(signatures.to_der(raw)) == raw


@pytest.mark.parametrize("r, s", [(0, 1), (1, 0), (sm2.N, 1), (1, sm2.N), (2**256 - 1, 1)])
def test_signatures_out_of_range(r, s):
    encoded = der.sequence(der.write_integer(r), der.write_integer(s))
    raw = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    for bad, read in ((encoded, signatures.to_raw), (raw, signatures.to_der), (raw, signatures.read)):
        with pytest.raises(EncodingError):
            read(bad)


BAD_SIGNATURES = {
    "empty": b"",
    "trailing byte": signatures.to_der(SIGNATURE) + b"\0",
    "cut": signatures.to_der(SIGNATURE)[:-1],
    "long form of a short length": b"\x30\x81\x46" + signatures.to_der(SIGNATURE)[2:],
    "indefinite length": b"\x30\x80" + signatures.to_der(SIGNATURE)[2:] + b"\0\0",
    "leading zero": der.sequence(b"\x02\x22\0\0" + R, der.write_integer(5)),
    "negative": der.sequence(b"\x02\x20" + R, b"\x02\x01\x05"),
    "no content": der.sequence(b"\x02\x00", b"\x02\x01\x05"),
    "three integers": der.sequence(*[b"\x02\x01\x05"] * 3),
    "one integer": der.sequence(b"\x02\x01\x05"),
    "octets instead": der.sequence(b"\x04\x01\x05", b"\x02\x01\x05"),
    "a set": b"\x31" + der.sequence(b"\x02\x01\x05", b"\x02\x01\x05")[1:],
    "63 bytes": SIGNATURE[1:],
    "65 bytes": SIGNATURE + b"\0",
}


@pytest.mark.parametrize("raw", [b"", SIGNATURE[1:], SIGNATURE[:-1], SIGNATURE + b"\0", b"\0" + SIGNATURE])
def test_raw_signatures_of_another_size(raw):
    for read in (signatures.split, signatures.to_der):
        with pytest.raises(EncodingError):
            read(raw)


@pytest.mark.parametrize("name", BAD_SIGNATURES)
def test_bad_signatures(name):
    for read in (signatures.to_raw, signatures.read):
        with pytest.raises(EncodingError):
            read(BAD_SIGNATURES[name])


def test_every_form_of_a_ciphertext():
    c1, c3, c2 = CIPHERTEXT[1:65], CIPHERTEXT[65:97], CIPHERTEXT[97:]
    expected = {
        Form.C1C3C2: b"\x04" + c1 + c3 + c2,
        Form.C1C2C3: b"\x04" + c1 + c2 + c3,
        Form.BARE_C1C3C2: c1 + c3 + c2,
        Form.BARE_C1C2C3: c1 + c2 + c3,
        # x begins 04, y begins e8: a zero in front of y only
        Form.DER: b"\x30\x7c\x02\x20" + c1[:32] + b"\x02\x21\0" + c1[32:] + b"\x04\x20" + c3 + b"\x04\x13" + c2,
    }
    assert set(expected) == set(Form)
    for form, value in expected.items():
        assert ciphertexts.write(CIPHERTEXT, form) == value, form
        assert ciphertexts.read(value, form) == CIPHERTEXT, form


@pytest.mark.parametrize("form", Form)
def test_long_ciphertexts(form):
    """The DER length takes one, two and three bytes."""
    for size in (1, 20, 24, 25, 26, 27, 150, 300, 65_535, 70_000):
        value = CIPHERTEXT[:97] + bytes(size)
        assert ciphertexts.read(ciphertexts.write(value, form), form) == value


@pytest.mark.parametrize("form", Form)
def test_bad_ciphertexts(form):
    good = ciphertexts.write(CIPHERTEXT, form)
    off_curve = bytearray(good)
    off_curve[40] ^= 1
    for bad in (b"", b"\x04", good[:60], good[:96], bytes(off_curve), b"\x02" + good, b"\x30" * 200):
        with pytest.raises(EncodingError):
            ciphertexts.read(bad, form)
    for bad in (b"", CIPHERTEXT[:97], b"\x02" + CIPHERTEXT[1:], b"\x04" + bytes(120)):
        with pytest.raises(EncodingError):
            ciphertexts.write(bad, form)


def test_bad_der_ciphertexts():
    x, y = (int.from_bytes(CIPHERTEXT[start:start + 32], "big") for start in (1, 33))
    c3, c2 = der.write(der.OCTETS, CIPHERTEXT[65:97]), der.write(der.OCTETS, CIPHERTEXT[97:])

    def made(x, y, *rest):
        return der.sequence(der.write_integer(x), der.write_integer(y), *rest)

    assert ciphertexts.from_der(made(x, y, c3, c2)) == CIPHERTEXT
    for bad in (
        made(x, y, c3), made(x, y, c3, c2, c2), made(x, y, c2, c3), made(x + sm2.P, y, c3, c2),
        made(x, y + sm2.P, c3, c2), made(y, x, c3, c2), made(x, y, c3[:-1], c2),
        made(x, y, c3, der.write(der.OCTETS, b"")), made(x, y, c3, c2) + b"\0",
    ):
        with pytest.raises(EncodingError):
            ciphertexts.from_der(bad)


def test_oids():
    assert der.oid("1.2.156.10197.1.301").hex() == "06082a811ccf5501822d"
    assert der.oid("2.16.840.1.101.3.4.1.42").hex() == "060960864801650304012a"

"""Keys in every form, and read by libcrypto, which is not ours."""
import ctypes

import pytest

import vectors
from ctsp_crypto import PrivateKey, PublicKey, Secret, sm2
from ctsp_crypto.encodings import der, keys, pbes2, pem
from ctsp_crypto.encodings.keys import PrivateForm, PublicForm
from ctsp_crypto.errors import DecryptionFailed, EncodingError, PolicyError
from ctsp_crypto.providers.standard import libcrypto

D, POINT = vectors.SM2_D, vectors.SM2_POINT
PASSWORD = Secret("口令 eight+".encode())
FEW = 1000  # rounds: a test has no patience


@pytest.fixture
def private(public_key):
    return PrivateKey(Secret(D), public_key)


@pytest.mark.parametrize("form", PublicForm)
def test_public_keys_there_and_back(public_key, form):
    written = keys.write_public(public_key, form)
    assert keys.read_public(written) == public_key
    assert keys.read_public(written, "id", 4) == PublicKey(POINT, "id", 4)


@pytest.mark.parametrize("form", [PublicForm.HEX, PublicForm.BASE64, PublicForm.PEM])
def test_public_keys_as_text(public_key, form):
    text = keys.write_public(public_key, form).decode()
    assert keys.read_public(text) == public_key
    assert keys.read_public(f"  {text}\r\n" if form is not PublicForm.PEM else text.replace("\n", "\r\n")) == public_key


def test_hex_of_every_size(public_key):
    for point in (POINT, POINT[1:], keys.write_public(public_key, PublicForm.COMPRESSED)):
        assert keys.read_public(point.hex()) == public_key
        assert keys.read_public(point.hex().upper().encode()) == public_key
        assert keys.read_public(point) == public_key


def test_compressed_points():
    """Both signs of y; the y of the standard's key is odd."""
    negative = b"\x04" + POINT[1:33] + (sm2.P - int.from_bytes(POINT[33:], "big")).to_bytes(32, "big")
    assert keys.read_public(b"\x03" + POINT[1:33]).point == POINT
    assert keys.read_public(b"\x02" + POINT[1:33]).point == negative


def test_both_object_identifiers(public_key):
    bits = der.write(der.BITS, b"\0" + POINT)
    curve = "1.2.156.10197.1.301"
    for algorithm in (
        der.sequence(der.oid("1.2.840.10045.2.1"), der.oid(curve)), der.sequence(der.oid(curve)),
        der.sequence(der.oid(curve), b"\x05\0"), der.sequence(der.oid(curve), der.oid(curve)),
    ):
        assert keys.read_public(der.sequence(algorithm, bits)) == public_key


BAD_PUBLIC = {
    "empty": b"",
    "off the curve": POINT[:-1] + b"\0",
    "zero": b"\x04" + bytes(64),
    "x not below p": b"\x04" + (sm2.P + 1).to_bytes(32, "big") + POINT[33:],
    "hybrid": b"\x06" + POINT[1:],
    "compressed off the curve": b"\x02" + next(
        x for x in range(9) if pow(x**3 + sm2.A * x + sm2.B, sm2.P // 2, sm2.P) != 1).to_bytes(32, "big"),
    "compressed with another sign": b"\x05" + POINT[1:33],
    "another curve": der.sequence(der.sequence(der.oid("1.2.840.10045.2.1"), der.oid("1.2.840.10045.3.1.7")),
                                  der.write(der.BITS, b"\0" + POINT)),
    "no curve": der.sequence(der.sequence(der.oid("1.2.840.10045.2.1")), der.write(der.BITS, b"\0" + POINT)),
    "unused bits": der.sequence(keys._ALGORITHM, der.write(der.BITS, b"\1" + POINT)),
    "something behind": der.sequence(keys._ALGORITHM, der.write(der.BITS, b"\0" + POINT), b"\x05\0"),
    "hex with a letter too many": b"g" * 130,
    "text": "公钥".encode(),
    "another PEM": pem.write("CERTIFICATE", b"abc"),
    "broken PEM": b"-----BEGIN PUBLIC KEY-----\n!!!!\n-----END PUBLIC KEY-----\n",
}


@pytest.mark.parametrize("name", BAD_PUBLIC)
def test_bad_public_keys(name):
    with pytest.raises(EncodingError):
        keys.read_public(BAD_PUBLIC[name])


@pytest.mark.parametrize("form", PrivateForm)
def test_private_keys_there_and_back(private, form):
    written = keys.write_private(private, form)
    assert isinstance(written, Secret)
    for found in (keys.read_private(written), keys.read_private(written.reveal()),
                  keys.read_private(written, key_id="id", version=4)):
        assert found.secret.reveal() == D
        bare = form in (PrivateForm.RAW, PrivateForm.HEX, PrivateForm.BASE64)
        assert (found.public and found.public.point) == (None if bare else POINT)
    assert (found.key_id, found.version) == ("id", 4)


def test_private_keys_without_the_public_half():
    for form in PrivateForm:
        written = keys.write_private(PrivateKey(Secret(D)), form)
        assert keys.read_private(written).secret.reveal() == D
        assert keys.read_private(written).public is None


def test_openssl_puts_parameters_in_front(private):
    text = pem.write("SM2 PARAMETERS", keys.SM2) + keys.write_private(private, PrivateForm.SEC1_PEM).reveal()
    assert keys.read_private(text).secret.reveal() == D


@pytest.mark.parametrize("form", [PrivateForm.SEC1_PEM, PrivateForm.PKCS8_PEM])
@pytest.mark.parametrize("public", [True, False])
def test_libcrypto_reads_what_we_write(private, form, public):
    key = private if public else PrivateKey(Secret(D))
    assert read_by_libcrypto(keys.write_private(key, form).reveal(), b"") == D


def test_libcrypto_reads_our_encrypted_keys(private):
    """The SHA-256 form: OpenSSL 3.0 has no PRF with SM3."""
    written = keys.write_encrypted(private, PASSWORD, pbes2.SM4_SHA256, FEW)
    assert read_by_libcrypto(written, PASSWORD.reveal()) == D


def test_we_read_what_libcrypto_encrypts(private):
    for cipher in (b"SM4-CBC", b"AES-128-CBC", b"AES-256-CBC"):
        written = written_by_libcrypto(keys.write_private(private).reveal(), PASSWORD.reveal(), cipher)
        assert b"ENCRYPTED PRIVATE KEY" in written
        found = keys.read_private(written, PASSWORD)
        assert found.secret.reveal() == D
        assert found.public.point == POINT


SCHEMES = [pbes2.SM4_SM3, pbes2.SM4_SHA256, pbes2.Scheme("sha256", "AES-256"), pbes2.Scheme("sm3", "AES-128")]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_encrypted_keys(private, scheme):
    written = keys.write_encrypted(private, PASSWORD, scheme, FEW)
    assert written != keys.write_encrypted(private, PASSWORD, scheme, FEW)
    assert keys.read_private(written, PASSWORD).secret.reveal() == D
    assert keys.read_private(pem.read(written.decode(), "ENCRYPTED PRIVATE KEY")[1], PASSWORD).secret.reveal() == D
    with pytest.raises(PolicyError):
        keys.read_private(written)
    for wrong in (b"wrong password", PASSWORD.reveal() + b" ", b""):
        with pytest.raises(DecryptionFailed):
            keys.read_private(written, Secret(wrong))


def test_a_wrong_password_that_leaves_good_padding(private):
    """One in 256 does: it is still a wrong password, not a strange file."""
    written = pem.read(keys.write_encrypted(private, PASSWORD, iterations=1).decode(), "ENCRYPTED PRIVATE KEY")[1]

    def unpads(password):
        try:
            pbes2.decrypt(written, password)
        except DecryptionFailed:
            return False
        return True

    lucky = next(filter(unpads, (Secret(b"wrong %d" % number) for number in range(100_000))))
    with pytest.raises(DecryptionFailed):
        keys.read_private(written, lucky)


def test_the_scheme_of_gm_is_the_default(private):
    written = pem.read(keys.write_encrypted(private, PASSWORD, iterations=FEW).decode(), "ENCRYPTED PRIVATE KEY")[1]
    for oid in ("1.2.156.10197.1.401.2", "1.2.156.10197.1.104.2"):
        assert der.oid(oid) in written


def test_short_passwords_are_refused(private):
    with pytest.raises(EncodingError):
        keys.write_encrypted(private, Secret(b"1234567"))


def test_a_hostile_number_of_rounds(private):
    good = pem.read(keys.write_encrypted(private, PASSWORD, iterations=FEW).decode(), "ENCRYPTED PRIVATE KEY")[1]
    assert der.write_integer(FEW) in good
    for rounds in (b"\x02\x02\x7f\xff", b"\x02\x02\x00\x00"):
        keys_in = good.replace(der.write_integer(FEW), rounds)
        with pytest.raises((DecryptionFailed, EncodingError)):
            keys.read_private(keys_in, PASSWORD)
    with pytest.raises(EncodingError):
        pbes2._derivation(der.write(4, bytes(16)) + der.write_integer(10**9) + der.sequence(pbes2._PRFS["sm3"]), 16)


RSA = der.oid("1.2.840.113549.1.1.1")
BAD_PRIVATE = {
    "empty": b"",
    "zero": bytes(32),
    "n-1": (sm2.N - 1).to_bytes(32, "big"),
    "31 bytes": D[1:],
    "33 bytes": D + b"\0",
    "another curve": der.sequence(der.write_integer(1), der.write(4, D), der.write(0xA0, der.oid("1.3.132.0.34"))),
    "no curve": der.sequence(der.write_integer(1), der.write(4, D)),
    "version 2": der.sequence(der.write_integer(2), der.write(4, D), der.write(0xA0, keys.SM2)),
    "RSA": der.sequence(der.write_integer(0), der.sequence(RSA, b"\x05\0"), der.write(4, D)),
    "bad public half": der.sequence(der.write_integer(1), der.write(4, D), der.write(0xA0, keys.SM2),
                                    der.write(0xA1, der.write(3, b"\0" + POINT[:-1] + b"\0"))),
    "old encryption": pem.write("EC PRIVATE KEY", b"a").replace(b"YQ", b"Proc-Type: 4,ENCRYPTED\n\nYQ"),
    "a public key": keys.write_public(PublicKey(POINT)),
    "no hex": b"z" * 64,
}


@pytest.mark.parametrize("name", BAD_PRIVATE)
def test_bad_private_keys(name):
    with pytest.raises(EncodingError) as caught:
        keys.read_private(BAD_PRIVATE[name])
    assert D.hex() not in str(caught.value)


# libcrypto as the other side
def functions():
    library = libcrypto.load()
    pointer = ctypes.c_void_p
    for name, result, arguments in (
        ("BIO_new_mem_buf", pointer, [ctypes.c_char_p, ctypes.c_int]),
        ("BIO_new", pointer, [pointer]), ("BIO_s_mem", pointer, []), ("BIO_free", ctypes.c_int, [pointer]),
        ("BIO_read", ctypes.c_int, [pointer, ctypes.c_char_p, ctypes.c_int]),
        ("PEM_read_bio_PrivateKey", pointer, [pointer, pointer, pointer, ctypes.c_char_p]),
        ("PEM_write_bio_PKCS8PrivateKey", ctypes.c_int,
         [pointer, pointer, pointer, ctypes.c_char_p, ctypes.c_int, pointer, pointer]),
        ("EVP_get_cipherbyname", pointer, [ctypes.c_char_p]),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


def loaded(text, password):
    library = functions()
    with libcrypto.Owned(library.BIO_new_mem_buf(text, len(text)), "BIO_free") as source:
        return libcrypto.Owned(library.PEM_read_bio_PrivateKey(source, None, None, password), "EVP_PKEY_free")


def read_by_libcrypto(text, password):
    from ctsp_crypto.providers.standard import keys as native
    return native._scalar_of(loaded(text, password))


def written_by_libcrypto(text, password, cipher):
    library, key = functions(), loaded(text, b"")
    with libcrypto.Owned(library.BIO_new(library.BIO_s_mem()), "BIO_free") as target:
        libcrypto.check(library.PEM_write_bio_PKCS8PrivateKey(
            target, key.pointer, library.EVP_get_cipherbyname(cipher), password, len(password), None, None) == 1)
        out = ctypes.create_string_buffer(4096)
        size = library.BIO_read(target, out, len(out))
        return out.raw[:size]

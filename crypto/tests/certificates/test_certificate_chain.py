"""Paths from a certificate to the root: what is good is accepted, every single defect is refused and named."""

import random
from datetime import timedelta

import pytest

from authorities import NOW, PERSON, PROVIDER, Tree
from ctsp_crypto import PublicKey, VerificationFailed
from ctsp_crypto.certificates import Certificate, CertificateRefused, TrustStore, read_many
from ctsp_crypto.certificates.authority import Authority, Request, request_for
from ctsp_crypto.certificates.csr import Request as Csr
from ctsp_crypto.errors import CryptoError, EncodingError

DAY = timedelta(days=1)


@pytest.fixture(scope="module", params=["SM2", "RSA", "ECDSA"])
def tree(request):
    return Tree.plant(request.param)


@pytest.fixture(scope="module")
def sm2():
    return Tree.plant()


def test_a_good_path(tree):
    report = tree.store().check(tree.leaf, at=NOW)
    assert report.good
    assert report.path == [tree.leaf, tree.middle.certificate, tree.root.certificate]
    verdict = tree.store().verify_certificate(tree.leaf.der, at=NOW)
    assert verdict.subject == "CN=张三（示例）,O=示例药监局（示例）,C=CN"


def test_every_flipped_byte_of_a_certificate(tree):
    """Each byte of a whole certificate, in one random bit."""
    store, generator = tree.store(), random.Random(1)
    step = 1 if tree.kind == "SM2" else 3
    for at in range(0, len(tree.leaf.der), step):
        bad = bytearray(tree.leaf.der)
        bad[at] ^= 1 << generator.randrange(8)
        with pytest.raises(VerificationFailed):
            store.verify_certificate(bytes(bad), at=NOW)


def test_bytes_behind_and_cut_off(sm2):
    for bad in (sm2.leaf.der + b"\0", sm2.leaf.der[:-1], b"", b"\x30\x00"):
        with pytest.raises(EncodingError):
            Certificate(bad)


@pytest.mark.parametrize(
    ("at", "code"),
    [(NOW - 2 * DAY, "not_yet"), (NOW + 366 * DAY, "expired"), (NOW, ""), (NOW + 364 * DAY, "")],
)
def test_dates(sm2, at, code):
    assert sm2.problems(at=at) == ([code] if at > NOW - DAY else [code] * 3) or not code


def test_another_ca_of_the_same_name(sm2):
    """Same names everywhere, other keys: the signature decides."""
    other = Tree.plant()
    assert set(other.problems(other.leaf)) == set()
    stolen = TrustStore([sm2.root.certificate], [other.middle.certificate], provider=PROVIDER)
    assert [p.code for p in stolen.check(other.leaf, at=NOW).problems] == ["no_path"]
    forged = other.middle.issue(Request(PERSON), sm2.pair.spki())
    assert sm2.problems(forged) == ["no_path"]


def test_a_signature_of_another_key(sm2):
    """Names and key identifiers say it is ours; the signature says it is not."""
    liar = Authority(Tree.plant().pair, sm2.middle.certificate, PROVIDER, NOW)
    assert sm2.problems(liar.issue(Request(PERSON), sm2.pair.spki())) == ["signature"]


def test_no_intermediate(sm2):
    assert sm2.problems(intermediates=[]) == ["no_path"]


def test_a_person_is_no_ca(sm2):
    person = Authority(sm2.pair, sm2.leaf, PROVIDER, NOW)
    below = person.issue(Request([("CN", "冒充者")]), sm2.pair.spki())
    assert set(sm2.problems(below, intermediates=[sm2.middle.certificate, sm2.leaf])) >= {"not_ca", "ca_usage"}


def test_path_length(sm2):
    deeper = sm2.middle.intermediate("下级 CA", path_length=None)
    leaf, _pair = deeper.issue_with_key(Request(PERSON))
    assert sm2.problems(leaf, intermediates=[sm2.middle.certificate, deeper.certificate]) == ["path_length"]


def test_a_ca_without_the_right_to_issue(sm2):
    certificate, pair = sm2.root.issue_with_key(Request([("CN", "弱 CA")], usages=("crl_sign",), ca=True))
    weak = Authority(pair, certificate, PROVIDER, NOW)
    leaf, _pair = weak.issue_with_key(Request(PERSON))
    assert sm2.problems(leaf, intermediates=[certificate]) == ["ca_usage"]


@pytest.mark.parametrize(
    ("usages", "purposes", "wanted", "code"),
    [
        (("digital_signature",), (), "sign", ""),
        (("key_encipherment",), (), "sign", "usage"),
        (("digital_signature",), (), "encrypt", "usage"),
        (("key_agreement",), (), "encrypt", ""),
        (("digital_signature",), ("1.3.6.1.5.5.7.3.1",), "login", "purpose"),
        (("digital_signature",), ("1.3.6.1.5.5.7.3.2",), "login", ""),
        (("digital_signature",), ("2.5.29.37.0",), "login", ""),
        (("non_repudiation",), (), "login", "usage"),
        (("digital_signature",), (), "time_stamp", "purpose"),
        (("digital_signature",), (), "ca", "usage"),
        ((), (), "sign", ""),
    ],
)
def test_usage(sm2, usages, purposes, wanted, code):
    leaf, _pair = sm2.middle.issue_with_key(Request(PERSON, usages=usages, purposes=purposes))
    assert sm2.problems(leaf, usage=wanted) == ([code] if code else [])


def test_an_unknown_critical_extension(sm2):
    strange = (("1.2.3.4.5", True, b"\x05\x00"),)
    leaf, _pair = sm2.middle.issue_with_key(Request(PERSON, extra=strange))
    assert sm2.problems(leaf) == ["critical"]
    harmless, _pair = sm2.middle.issue_with_key(Request(PERSON, extra=(("1.2.3.4.5", False, b"\x05\x00"),)))
    assert sm2.problems(harmless) == []


def test_weak_rsa():
    from cryptography.hazmat.primitives.asymmetric import rsa

    from ctsp_crypto.certificates.private import SigningPair

    tree = Tree.plant("RSA")
    weak = SigningPair("RSA", rsa.generate_private_key(65537, 1024))
    ca = tree.root.issue(Request([("CN", "弱")], usages=("key_cert_sign",), ca=True), weak.spki())
    leaf, _pair = Authority(weak, ca, PROVIDER, NOW).issue_with_key(Request(PERSON), "RSA")
    assert "algorithm" in tree.problems(leaf, intermediates=[ca]) or "no_path" in tree.problems(
        leaf, intermediates=[ca]
    )


def test_mixed_kinds():
    """An SM2 certificate below an RSA root."""
    tree = Tree.plant("RSA")
    middle = tree.root.intermediate(kind="SM2")
    leaf, _pair = middle.issue_with_key(Request(PERSON))
    assert tree.problems(leaf, intermediates=[middle.certificate]) == []


def test_both_ways_to_write_an_sm2_key(sm2):
    leaf, pair = sm2.middle.issue_with_key(Request(PERSON, key_form="sm2"))
    assert sm2.problems(leaf) == []
    assert leaf.key.sm2 == PublicKey(pair.point)
    assert leaf.key.form.startswith("SM2 标识")


def test_another_identity(sm2):
    """ZA holds the signer's identity: with another one nothing verifies."""
    store = TrustStore([sm2.root.certificate], [sm2.middle.certificate], provider=PROVIDER, user_id=b"Alice")
    assert [p.code for p in store.check(sm2.leaf, at=NOW).problems] == ["signature", "signature"]


def test_the_reason_is_for_the_log(sm2):
    with pytest.raises(CertificateRefused) as caught:
        sm2.store().verify_certificate(sm2.leaf.der, at=NOW + 400 * DAY)
    assert "证书已过期（CN=张三（示例）" in caught.value.problems[0].text()


def test_a_bundle_of_many_same_names_stays_cheap(sm2):
    """A hundred CAs of one name must not make a hundred times a hundred signature checks."""
    crowd = [Tree.plant().middle.certificate for _ in range(12)] * 1
    assert sm2.problems(intermediates=[*crowd, sm2.middle.certificate]) == []


def test_requests(tree):
    der = request_for(tree.pair, PERSON, PROVIDER)
    request = Csr(der)
    request.check(PROVIDER)
    assert request.subject_text == tree.leaf.subject_text
    for at in range(0, len(der), 5):
        bad = bytearray(der)
        bad[at] ^= 1
        with pytest.raises(CryptoError):
            Csr(bytes(bad)).check(PROVIDER)


def test_rare_characters_in_names(sm2):
    """Characters younger than Unicode 3.2 occur in names of people and places."""
    middle = sm2.root.intermediate("𬭎城 CA")
    leaf, _pair = middle.issue_with_key(Request([("C", "CN"), ("CN", "张𬬻（示例）")]))
    assert sm2.problems(leaf, intermediates=[middle.certificate]) == []


def test_pem_bundles(sm2):
    bundle = sm2.leaf.pem() + sm2.middle.certificate.pem()
    assert read_many(bundle) == [sm2.leaf, sm2.middle.certificate]
    assert Certificate(sm2.leaf.pem()) == sm2.leaf
    with pytest.raises(EncodingError):
        Certificate(bundle)
    with pytest.raises(EncodingError):
        Certificate(b"-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n")

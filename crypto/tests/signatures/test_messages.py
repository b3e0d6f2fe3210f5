"""Signed messages: made with GM identifiers, verified strictly; every byte counts."""

import random
import subprocess
from datetime import timedelta

import pytest
from asn1crypto import core

from authorities import NOW, PERSON, PROVIDER, Tree
from ctsp_crypto import CryptoError, EncodingError, PolicyError
from ctsp_crypto.certificates.authority import Request
from ctsp_crypto.providers.cloud import stamps
from ctsp_crypto.results import TimeStamp
from ctsp_crypto.signatures import Digests, Identity, sign, sign_digest, structures, verify

CONTENT = "检查报告全文".encode() * 50


@pytest.fixture(scope="module")
def tree():
    return Tree.plant()


@pytest.fixture(scope="module")
def identity(tree):
    return Identity(tree.pair.key, tree.leaf, [tree.middle.certificate])


@pytest.mark.parametrize("gm", [True, False])
@pytest.mark.parametrize("attached", [True, False])
def test_round_trip(tree, identity, gm, attached):
    message = sign(CONTENT, identity, PROVIDER, NOW, attached=attached, gm=gm)
    assert (core.ObjectIdentifier("1.2.156.10197.6.1.4.2.2").dump() in message) is gm
    report = verify(message, PROVIDER, content=None if attached else CONTENT, trust=tree.store())
    assert report.good, report.signers[0].texts()
    assert report.content == (CONTENT if attached else None)
    signer = report.signers[0]
    assert (signer.certificate, signer.signed_at) == (tree.leaf, NOW)
    assert report.certificates[-1] in (tree.leaf, tree.middle.certificate)


def test_read_in_pieces(tree, identity):
    message = sign_digest(PROVIDER.digest(CONTENT).value, identity, PROVIDER, NOW)
    pieces = Digests.of(CONTENT[at : at + 7] for at in range(0, len(CONTENT), 7))
    assert verify(message, PROVIDER, digests=pieces, trust=tree.store()).good


def refused(*arguments, **options) -> bool:
    try:
        return not verify(*arguments, **options).good
    except CryptoError:
        return True


@pytest.mark.parametrize("attached", [True, False])
def test_every_flipped_byte(tree, attached):
    """The intermediate is known, so that only what belongs to the signer and the content is left in the message."""
    message = sign(CONTENT[:40], Identity(tree.pair.key, tree.leaf), PROVIDER, NOW, attached=attached)
    store, generator = tree.store(), random.Random(11)
    content = None if attached else CONTENT[:40]
    name = message.rindex(tree.leaf.issuer.dump())
    for at in range(0, len(message), 4 if attached else 1):
        bad = bytearray(message)
        inside_name = name <= at < name + len(tree.leaf.issuer.dump())  # there upper and lower case are one
        bad[at] ^= 1 << (7 if inside_name else generator.randrange(8))
        assert refused(bytes(bad), PROVIDER, content=content, trust=store), at
    for bad in (message + b"\0", message[:-1], b""):
        assert refused(bad, PROVIDER, content=content, trust=store)


def test_another_content(tree, identity):
    message = sign(CONTENT, identity, PROVIDER, NOW)
    report = verify(message, PROVIDER, content=CONTENT + b".", trust=tree.store())
    assert report.signers[0].problems == ["content"]
    attached = sign(CONTENT, identity, PROVIDER, NOW, attached=True)
    with pytest.raises(CryptoError):
        verify(attached, PROVIDER, content=b"other", trust=tree.store())
    with pytest.raises(CryptoError):
        verify(message, PROVIDER, trust=tree.store())


def test_the_attached_content_is_what_counts(tree, identity):
    """A forged content in the message is not excused by the genuine one beside it."""
    attached = sign(CONTENT, identity, PROVIDER, NOW, attached=True)
    forged = attached.replace(CONTENT, CONTENT[::-1])
    for beside in ({"content": CONTENT}, {"digests": Digests.of(CONTENT)}, {}):
        assert refused(forged, PROVIDER, trust=tree.store(), **beside)
        assert not refused(attached, PROVIDER, trust=tree.store(), **beside)


class Stamper:
    """A time stamp authority in the form of our contract with the cloud."""

    def __init__(self, at):
        self.at, self.pair = at, PROVIDER.generate_key_pair()

    def time_stamp(self, digest):
        part = stamps.signed_part(digest, self.at, 1)
        return self.verify_time_stamp(digest, stamps.write(part, PROVIDER.sign(self.pair, part).value))

    def verify_time_stamp(self, digest, token):
        at = stamps.read(token, digest, [self.pair.public], PROVIDER)
        return TimeStamp(token, digest, at.isoformat(), "test")


def test_time_stamps(tree, identity):
    """Proved time: it decides about the certificate, another authority's does not count, nor one over something
    else.
    """
    stamper = Stamper(NOW + timedelta(hours=1))
    message = sign(CONTENT, identity, PROVIDER, NOW + timedelta(days=4000), stamper=stamper)
    signer = verify(message, PROVIDER, content=CONTENT, trust=tree.store(), stamper=stamper).signers[0]
    assert (signer.problems, signer.stamped_at) == ([], NOW + timedelta(hours=1))
    assert verify(message, PROVIDER, content=CONTENT, trust=tree.store()).signers[0].problems == ["chain"]
    other = verify(message, PROVIDER, content=CONTENT, trust=tree.store(), stamper=Stamper(NOW)).signers[0]
    assert ("stamp" in other.problems, other.stamp) == (True, "broken")
    twice = structures.SignedMessage.load(message)
    attributes = twice["content"]["signer_infos"][0]["unsigned_attrs"]
    attributes.append(attributes[0])
    assert "stamp" in verify(
        twice.dump(True), PROVIDER, content=CONTENT, trust=tree.store(), stamper=stamper).signers[0].problems
    empty = structures.SignedMessage.load(message)
    empty["content"]["signer_infos"][0]["unsigned_attrs"][0]["values"] = []
    with pytest.raises(EncodingError):
        verify(empty.dump(True), PROVIDER, content=CONTENT, trust=tree.store(), stamper=stamper)
    again = sign(CONTENT, identity, PROVIDER, NOW, stamper=stamper)
    moved = structures.SignedMessage.load(again)
    moved["content"]["signer_infos"][0]["unsigned_attrs"] = structures.SignedMessage.load(message)["content"][
        "signer_infos"
    ][0]["unsigned_attrs"].untag()
    assert (
        "stamp"
        in verify(moved.dump(True), PROVIDER, content=CONTENT, trust=tree.store(), stamper=stamper).signers[0].problems
    )


def test_the_key_of_another(tree):
    """A certificate with a key that is not its own, and a certificate exchanged for another of the same key."""
    other = Tree.plant()
    message = sign(CONTENT, Identity(other.pair.key, tree.leaf), PROVIDER, NOW)
    assert verify(message, PROVIDER, content=CONTENT, trust=tree.store()).signers[0].problems == ["signature"]
    twin = tree.middle.issue(Request(PERSON), tree.pair.spki())
    genuine = sign(CONTENT, Identity(tree.pair.key, tree.leaf), PROVIDER, NOW)
    swapped = genuine.replace(tree.leaf.der, twin.der) if len(twin.der) == len(tree.leaf.der) else genuine
    if swapped != genuine:
        assert refused(swapped, PROVIDER, content=CONTENT, trust=tree.store())


def test_the_chain_counts(tree, identity):
    message = sign(CONTENT, identity, PROVIDER, NOW)
    assert verify(message, PROVIDER, content=CONTENT).signers[0].problems == ["unchecked"]
    stranger = verify(message, PROVIDER, content=CONTENT, trust=Tree.plant().store(intermediates=[]))
    assert stranger.signers[0].problems == ["chain"]
    assert "找不到通向受信任根证书" in "".join(stranger.signers[0].texts())
    late = sign(CONTENT, identity, PROVIDER, NOW + timedelta(days=400))
    assert verify(late, PROVIDER, content=CONTENT, trust=tree.store()).signers[0].problems == ["chain"]
    encryption, pair = tree.middle.issue_with_key(Request(PERSON, usages=("key_encipherment",)))
    wrong = sign(CONTENT, Identity(pair.key, encryption), PROVIDER, NOW)
    assert verify(wrong, PROVIDER, content=CONTENT, trust=tree.store()).signers[0].problems == ["chain"]


def test_revoked_after_signing(tree, identity):
    from ctsp_crypto.certificates.authority import Authority

    ca = Authority(tree.middle.pair, tree.middle.certificate, PROVIDER, NOW)
    ca.revoke(tree.leaf, at=NOW + timedelta(days=1))
    store = tree.store(lists=[ca.crl(this_update=NOW + timedelta(days=1))])
    before, after = (sign(CONTENT, identity, PROVIDER, NOW + timedelta(days=days)) for days in (0, 2))
    assert verify(before, PROVIDER, content=CONTENT, trust=store).good
    assert not verify(after, PROVIDER, content=CONTENT, trust=store).good


def test_another_identity(tree):
    message = sign(CONTENT, Identity(tree.pair.key, tree.leaf, user_id=b"Alice"), PROVIDER, NOW)
    assert verify(message, PROVIDER, content=CONTENT, trust=tree.store()).signers[0].problems == ["signature"]
    signer = verify(message, PROVIDER, content=CONTENT, user_id=b"Alice").signers[0]
    assert signer.problems == ["unchecked"]


def test_signing_needs_an_sm2_certificate(tree):
    with pytest.raises(PolicyError):
        sign(CONTENT, Identity(tree.pair.key, Tree.plant("RSA").leaf), PROVIDER, NOW)


@pytest.mark.parametrize("kind", ["RSA", "ECDSA"])
def test_what_openssl_makes_is_verified(tmp_path, kind):
    """Messages of others: PKCS#7 identifiers, SHA-2."""
    from cryptography.hazmat.primitives import serialization

    tree = Tree.plant(kind)
    (tmp_path / "c.pem").write_bytes(tree.leaf.pem())
    (tmp_path / "k.pem").write_bytes(
        tree.pair.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    (tmp_path / "f").write_bytes(CONTENT)
    subprocess.run(
        [
            "openssl",
            "cms",
            "-sign",
            "-binary",
            "-in",
            "f",
            "-signer",
            "c.pem",
            "-inkey",
            "k.pem",
            "-md",
            "sha256",
            "-outform",
            "DER",
            "-out",
            "m",
        ],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    message = (tmp_path / "m").read_bytes()
    assert verify(message, PROVIDER, content=CONTENT, trust=tree.store(), at=NOW).good
    assert not verify(message, PROVIDER, content=CONTENT[:-1], trust=tree.store(), at=NOW).good


def test_the_signature_is_what_the_standard_says(tree, identity):
    """The independent implementation agrees: SM2 over the DER of the signed attributes."""
    from ctsp_crypto.encodings import signatures
    from ctsp_crypto.providers.reference import ReferenceProvider

    message = sign(CONTENT, identity, PROVIDER, NOW)
    signer = structures.SignedMessage.load(message)["content"]["signer_infos"][0]
    attributes = b"\x31" + signer["signed_attrs"].dump()[1:]
    ReferenceProvider().verify(tree.leaf.key.sm2, attributes, signatures.to_raw(signer["signature"].native))

"""Signed messages: CMS SignedData with the identifiers of GM/T 0010 (or those of PKCS#7), SM3 and SM2.

The signature is over the signed attributes (content type, SM3 digest of the content, time, digest of the
signer's certificate), so that content of any size is hashed once. Detached unless asked for. The time is the
signer's own word: a time stamp proves it, where one is added. `user_id` is the signer's identity of SM2,
1234567812345678 if nothing else was agreed on.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import cms, core, x509

from .. import algorithms
from ..certificates import Certificate, oids
from ..encodings import signatures as sm2_signatures
from ..errors import EncodingError, PolicyError
from ..material import SigningKey
from ..ports import Signer, TimeStamper
from . import structures as asn1


@dataclass(frozen=True)
class Identity:
    """Who signs: key (or handle), certificate, and the certificates up to the root that travel with the message."""

    key: SigningKey
    certificate: Certificate
    chain: Sequence[Certificate] = ()
    user_id: bytes = algorithms.DEFAULT_ID


def sign(
    content: bytes,
    identity: Identity,
    provider: Signer,
    at: datetime,
    *,
    attached: bool = False,
    gm: bool = True,
    stamper: TimeStamper | None = None,
) -> bytes:
    """DER of a signed message over `content`."""
    digest = hashlib.new("sm3", content).digest()
    whole = content if attached else None
    return sign_digest(digest, identity, provider, at, content=whole, gm=gm, stamper=stamper)


def sign_digest(
    digest: bytes,
    identity: Identity,
    provider: Signer,
    at: datetime,
    *,
    content: bytes | None = None,
    gm: bool = True,
    stamper: TimeStamper | None = None,
) -> bytes:
    """The same over the SM3 digest of a content that was read elsewhere.

    `stamper`: asked for a time stamp over the signature value; one that answers None leaves the message without.
    """
    if len(digest) != algorithms.DIGEST_SIZE:
        raise EncodingError("an SM3 digest is 32 bytes")
    if identity.certificate.key.kind != "SM2":
        raise PolicyError("signed messages are made with SM2 certificates")
    data, signed = (asn1.GM_DATA, asn1.GM_SIGNED) if gm else (asn1.DATA, asn1.SIGNED)
    inner = {"content_type": data}
    if content is not None:
        inner["content"] = core.OctetString(content)
    attributes = _attributes(data, digest, at, identity.certificate)
    value = provider.sign(identity.key, attributes.dump(), user_id=identity.user_id).value
    algorithm = oids.SM2_SIGNATURE_KEY if gm else oids.SM2_WITH_SM3
    body = asn1.SignedData(
        {
            "version": 1,
            "digest_algorithms": [{"algorithm": oids.SM3}],
            "content": inner,
            "certificates": [x509.Certificate.load(one.der) for one in (identity.certificate, *identity.chain)],
            "signer_infos": [
                _signer(identity.certificate, attributes, algorithm, sm2_signatures.to_der(value), stamper)
            ],
        }
    )
    return asn1.SignedMessage({"content_type": signed, "content": body}).dump()


def _signer(certificate: Certificate, attributes, algorithm: str, signature: bytes, stamper) -> dict:
    found = {
        "version": 1,
        "sid": _identifier(certificate),
        "digest_algorithm": {"algorithm": oids.SM3},
        "signed_attrs": attributes,
        "signature_algorithm": {"algorithm": algorithm},
        "signature": signature,
    }
    if stamper is not None:
        stamp = stamper.time_stamp(hashlib.new("sm3", signature).digest())
        if stamp is not None:
            found["unsigned_attrs"] = [{"type": asn1.TIME_STAMP, "values": [core.Any.load(stamp.value)]}]
    return found


def _attributes(data: str, digest: bytes, at: datetime, certificate: Certificate) -> asn1.Attributes:
    if at.tzinfo is None:
        raise EncodingError("a time without zone")
    moment = at.astimezone(UTC).replace(microsecond=0)
    time = core.UTCTime(moment) if moment.year < 2050 else core.GeneralizedTime(moment)
    bound = asn1.SigningCertificate(
        {"certs": [{"hash_algorithm": {"algorithm": oids.SM3}, "hash": bytes.fromhex(certificate.fingerprint())}]}
    )
    return asn1.Attributes(
        [
            {"type": asn1.CONTENT_TYPE, "values": [core.ObjectIdentifier(data)]},
            {"type": asn1.MESSAGE_DIGEST, "values": [core.OctetString(digest)]},
            {"type": asn1.SIGNING_TIME, "values": [time]},
            {"type": asn1.SIGNING_CERTIFICATE, "values": [bound]},
        ]
    )


def _identifier(certificate: Certificate) -> cms.SignerIdentifier:
    return cms.SignerIdentifier(
        "issuer_and_serial_number",
        cms.IssuerAndSerialNumber({"issuer": certificate.issuer, "serial_number": certificate.serial}),
    )

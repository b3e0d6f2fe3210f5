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

from asn1crypto import cms, core

from .. import algorithms
from ..certificates import Certificate, oids
from ..encodings import signatures as sm2_signatures
from ..errors import EncodingError, PolicyError
from ..material import SigningKey
from ..ports import Signer
from . import structures as asn1


@dataclass(frozen=True)
class Identity:
    """Who signs: key (or handle), certificate, and the certificates up to the root that travel with the message."""

    key: SigningKey
    certificate: Certificate
    chain: Sequence[Certificate] = ()
    user_id: bytes = algorithms.DEFAULT_ID


def sign(
    content: bytes, identity: Identity, provider: Signer, at: datetime, *, attached: bool = False, gm: bool = True
) -> bytes:
    """DER of a signed message over `content`."""
    digest = hashlib.new("sm3", content).digest()
    return sign_digest(digest, identity, provider, at, content=content if attached else None, gm=gm)


def sign_digest(
    digest: bytes, identity: Identity, provider: Signer, at: datetime, *, content: bytes | None = None, gm: bool = True
) -> bytes:
    """The same over the SM3 digest of a content that was read elsewhere."""
    if len(digest) != algorithms.DIGEST_SIZE:
        raise EncodingError("an SM3 digest is 32 bytes")
    if identity.certificate.key.kind != "SM2":
        raise PolicyError("signed messages are made with SM2 certificates")
    data, signed = (asn1.GM_DATA, asn1.GM_SIGNED) if gm else (asn1.DATA, asn1.SIGNED)
    attributes = _attributes(data, digest, at, identity.certificate)
    value = provider.sign(identity.key, attributes.dump(), user_id=identity.user_id)
    sm3 = {"algorithm": oids.SM3}
    inner = {"content_type": data}
    if content is not None:
        inner["content"] = core.OctetString(content)
    body = asn1.SignedData(
        {
            "version": 1,
            "digest_algorithms": [sm3],
            "content": inner,
            "certificates": [_parsed(one) for one in (identity.certificate, *identity.chain)],
            "signer_infos": [
                {
                    "version": 1,
                    "sid": _identifier(identity.certificate),
                    "digest_algorithm": sm3,
                    "signed_attrs": attributes,
                    "signature_algorithm": {"algorithm": oids.SM2_SIGNATURE_KEY if gm else oids.SM2_WITH_SM3},
                    "signature": sm2_signatures.to_der(value.value),
                }
            ],
        }
    )
    return asn1.SignedMessage({"content_type": signed, "content": body}).dump()


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


def _parsed(certificate: Certificate):
    from asn1crypto import x509

    return x509.Certificate.load(certificate.der)


def _identifier(certificate: Certificate) -> cms.SignerIdentifier:
    return cms.SignerIdentifier(
        "issuer_and_serial_number",
        cms.IssuerAndSerialNumber({"issuer": certificate.issuer, "serial_number": certificate.serial}),
    )

"""Verifying signed messages: those of `cms`, and those others make (PKCS#7 identifiers, RSA and ECDSA with SHA-2)."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from asn1crypto import algos, core

from .. import algorithms
from ..certificates import Certificate, TrustStore, oids
from ..certificates.certificate import BROKEN
from ..certificates.verification import verify_signature
from ..errors import CryptoError, EncodingError, VerificationFailed
from ..ports import TimeStamper
from . import structures as asn1
from .digests import DIGESTS, Digests
from .reports import MessageReport, SignerReport

# a signer may name the key's algorithm only; the digest then says the rest
_WITH_DIGEST = {
    (oids.RSA_KEY, "sha256"): "1.2.840.113549.1.1.11",
    (oids.RSA_KEY, "sha384"): "1.2.840.113549.1.1.12",
    (oids.RSA_KEY, "sha512"): "1.2.840.113549.1.1.13",
    (oids.EC_KEY, "sha256"): "1.2.840.10045.4.3.2",
    (oids.EC_KEY, "sha384"): "1.2.840.10045.4.3.3",
    (oids.EC_KEY, "sha512"): "1.2.840.10045.4.3.4",
    (oids.SM2_SIGNATURE_KEY, "sm3"): oids.SM2_WITH_SM3,
    (oids.SM2_CURVE, "sm3"): oids.SM2_WITH_SM3,
}
STAMP_TOLERANCE = timedelta(minutes=5)
"""between the clock of a time stamp authority and that of whoever signs"""


def verify(
    message: bytes,
    provider,
    *,
    content: bytes | None = None,
    digests: "Digests | None" = None,
    trust: TrustStore | None = None,
    at: datetime | None = None,
    user_id: bytes = algorithms.DEFAULT_ID,
    stamper: TimeStamper | None = None,
) -> MessageReport:
    """Checks every signer; raises EncodingError for what is no signed message, never for a bad signature.

    `content` for a detached message, or `digests` for one that is read elsewhere. The chain is checked at `at`, or at
    the time of the time stamp (checked by `stamper`), or at the time the signer states.
    """
    try:
        data, certificates = _parse(message)
        attached = data["content"]["content"].native
        sums = _sums(attached, content, digests)
        signers = [
            _signer(info, data["content"]["content_type"].native, certificates, sums, provider, user_id)
            for info in data["signer_infos"]
        ]
        tokens = [_stamps(info) for info in data["signer_infos"]]
    except BROKEN as error:
        raise EncodingError("not a signed message") from error
    for signer, found in zip(signers, tokens, strict=True):
        _check_stamp(signer, found, stamper)
        _check_chain(signer, trust, certificates, at)
    return MessageReport(signers, certificates, attached)


def _sums(attached: bytes | None, content: bytes | None, digests: Digests | None) -> Digests:
    """Of the attached content, always; what is given beside it must be the same."""
    given = digests or (Digests.of(content) if content is not None else None)
    if attached is None:
        return given or Digests.of(None)
    own = Digests.of(attached)
    if given and given.get("sm3") != own.get("sm3"):
        raise VerificationFailed("the attached content is another one")
    return own


def _parse(message: bytes) -> tuple[asn1.SignedData, list[Certificate]]:
    outer = asn1.SignedMessage.load(message, strict=True)
    if outer["content_type"].native not in (asn1.GM_SIGNED, asn1.SIGNED):
        raise EncodingError("not a signed message")
    data = outer["content"]
    _check_frame(data)
    found = data["certificates"]
    certificates = [Certificate(one.dump()) for one in found] if isinstance(found, asn1.Certificates) else []
    return data, certificates


def _check_frame(data) -> None:
    """What no signature covers must at least be what the standard says (RFC 5652 §5.1)."""
    plain = data["content"]["content_type"].native in (asn1.GM_DATA, asn1.DATA)
    by_issuer = all(info["sid"].name == "issuer_and_serial_number" for info in data["signer_infos"])
    if data["version"].native not in ((1,) if plain and by_issuer else (3, 4, 5)):
        raise ValueError("an unknown version")
    announced = {one["algorithm"].native for one in data["digest_algorithms"]}
    if not {info["digest_algorithm"]["algorithm"].native for info in data["signer_infos"]} <= announced:
        raise ValueError("a digest algorithm that was not announced")


def _signer(info, content_type: str, certificates, sums: Digests, provider, user_id: bytes) -> SignerReport:
    report = SignerReport(certificate=_find(info["sid"], certificates))
    report.stamped = hashlib.new("sm3", info["signature"].native).digest()
    if info["version"].native != (1 if info["sid"].name == "issuer_and_serial_number" else 3):
        raise ValueError("an unknown version")
    digest_name = DIGESTS.get(info["digest_algorithm"]["algorithm"].native)
    named = info["signature_algorithm"]["algorithm"].native
    if core.ObjectIdentifier(named).dump() != info["signature_algorithm"]["algorithm"].dump():
        raise ValueError("an identifier that is not written as it should be")
    oid = _WITH_DIGEST.get((named, digest_name), named)
    report.algorithm = oid
    if report.certificate is None:
        report.problems.append("certificate")
    elif digest_name is None or oid not in oids.SIGNATURES:
        report.problems.append("algorithm")
    else:
        body = _body(report, info, content_type, sums.get(digest_name))
        if body is not None:
            _check_signature(report, info, body, oid, named, provider, user_id)
    return report


def _body(report: SignerReport, info, content_type: str, digest: bytes) -> bytes | None:
    """What the signature is over: the signed attributes, whose tag counts as SET. Without attributes we do not
    sign or accept.
    """
    raw = info["signed_attrs"]
    if not isinstance(raw, asn1.Attributes):
        report.problems.append("attributes")
        return None
    values: dict[str, core.Asn1Value] = {}
    for attribute in raw:
        name, items = attribute["type"].native, attribute["values"]
        if name in values or len(items) != 1:
            report.problems.append("attributes")
            return None
        values[name] = items[0].parsed
    stated = values.get(asn1.MESSAGE_DIGEST)
    if stated is None or asn1.CONTENT_TYPE not in values or values[asn1.CONTENT_TYPE].native != content_type:
        report.problems.append("attributes")
        return None
    if not hmac.compare_digest(stated.native, digest):
        report.problems.append("content")
    if asn1.SIGNING_TIME in values:
        report.signed_at = values[asn1.SIGNING_TIME].native.astimezone(UTC)
    if asn1.SIGNING_CERTIFICATE in values and not _is_bound(values[asn1.SIGNING_CERTIFICATE], report.certificate):
        report.problems.append("certificate")
    return b"\x31" + raw.dump()[1:]


def _is_bound(value, certificate: Certificate) -> bool:
    """The first certificate named is the signer's; its digest is SHA-256 where no algorithm is named."""
    first = asn1.SigningCertificate.load(value.dump())["certs"][0]
    named = first["hash_algorithm"]["algorithm"].native if first["hash_algorithm"].native else "2.16.840.1.101.3.4.2.1"
    return named in DIGESTS and certificate.fingerprint(DIGESTS[named]) == first["hash"].native.hex()


def _check_signature(report, info, body: bytes, oid: str, named: str, provider, user_id: bytes) -> None:
    algorithm = (
        info["signature_algorithm"].dump() if oid == named else algos.SignedDigestAlgorithm({"algorithm": oid}).dump()
    )
    try:
        verify_signature(report.certificate.key, body, info["signature"].native, algorithm, provider, user_id)
    except VerificationFailed:
        report.problems.append("signature")
    except CryptoError as error:
        if error.retryable:
            raise
        report.problems.append("algorithm")


def _find(identifier, certificates: list[Certificate]) -> Certificate | None:
    from ..certificates.names import comparable

    if identifier.name == "issuer_and_serial_number":
        issuer, serial = comparable(identifier.chosen["issuer"]), identifier.chosen["serial_number"].native
        return next((one for one in certificates if one.serial == serial and one.issuer_key == issuer), None)
    wanted = identifier.chosen.native
    return next((one for one in certificates if one.subject_key_id == wanted), None)


def _stamps(info) -> list[bytes]:
    """The time stamp tokens beside a signature, none of them checked yet."""
    raw = info["unsigned_attrs"]
    present = list(raw) if isinstance(raw, asn1.Attributes) else []
    if not all(one["values"] for one in present):
        raise ValueError("an attribute without a value")
    return [token.dump() for one in present if one["type"].native == asn1.TIME_STAMP for token in one["values"]]


def _check_stamp(signer: SignerReport, tokens: list[bytes], stamper: TimeStamper | None) -> None:
    """A stamp counts only if its authority is known here; there is one, in one place."""
    if not tokens:
        return
    if stamper is None:
        signer.stamp = "unchecked"
        return
    try:
        if len(tokens) != 1:
            raise VerificationFailed("more than one time stamp")
        stamp = stamper.verify_time_stamp(signer.stamped, tokens[0])
    except VerificationFailed:
        signer.stamp = "broken"
        signer.problems.append("stamp")
        return
    signer.stamp, signer.authority, signer.stamped_at = "holds", stamp.authority, datetime.fromisoformat(stamp.at)


def _check_chain(signer: SignerReport, trust: TrustStore | None, certificates, at: datetime | None) -> None:
    if signer.certificate is None:
        return
    if trust is None:
        signer.problems.append("unchecked")
        return
    moment = at or signer.stamped_at or signer.signed_at
    if moment is None:
        signer.problems.append("attributes")
        return
    signer.chain = trust.check(signer.certificate, at=moment, usage="sign", extra=certificates)
    if not signer.chain.good:
        signer.problems.append("chain")

"""Checking the signature of a signed structure (certificate, CRL, request) with the key of its issuer."""

from asn1crypto import algos
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from .. import algorithms
from ..encodings import signatures as sm2_signatures
from ..errors import EncodingError, PolicyError, VerificationFailed
from ..ports import Verifier
from . import oids
from .certificate import BROKEN, KeyInfo

MIN_RSA_BITS = 2048
_HASHES = {"sha256": hashes.SHA256, "sha384": hashes.SHA384, "sha512": hashes.SHA512}


def verify_signature(
    key: KeyInfo,
    body: bytes,
    signature: bytes,
    algorithm: bytes,
    provider: Verifier,
    user_id: bytes = algorithms.DEFAULT_ID,
) -> None:
    """`algorithm` is the DER of the AlgorithmIdentifier. Raises VerificationFailed; PolicyError for an
    algorithm or key size that is not allowed (MD5, SHA-1, RSA below 2048 bits)."""
    try:
        identifier = algos.SignedDigestAlgorithm.load(algorithm)
        oid = identifier["algorithm"].dotted
    except BROKEN as error:
        raise VerificationFailed("an algorithm that cannot be read") from error
    if oid not in oids.SIGNATURES:
        raise PolicyError(f"the signature algorithm {oids.WEAK_SIGNATURES.get(oid, oid)} is not allowed")
    family, digest = oids.SIGNATURES[oid]
    try:
        if family == "SM2":
            provider.verify(key.sm2, body, sm2_signatures.to_raw(signature), user_id=user_id)
        elif family == "ECDSA":
            _ecdsa(key, body, signature, digest)
        elif family == "RSA":
            _rsa(key, body, signature, padding.PKCS1v15(), _HASHES[digest]())
        else:
            _rsa(key, body, signature, *_pss(identifier))
    except (InvalidSignature, EncodingError, UnsupportedAlgorithm, *BROKEN) as error:
        raise VerificationFailed("the signature does not hold") from error


def _ecdsa(key: KeyInfo, body: bytes, signature: bytes, digest: str) -> None:
    public = load_der_public_key(key.spki)
    if key.kind != "ECDSA" or not isinstance(public, ec.EllipticCurvePublicKey):
        raise VerificationFailed("another kind of key")
    public.verify(signature, body, ec.ECDSA(_HASHES[digest]()))


def _rsa(key: KeyInfo, body: bytes, signature: bytes, scheme, digest) -> None:
    if key.kind != "RSA":
        raise VerificationFailed("another kind of key")
    if key.bits < MIN_RSA_BITS:
        raise PolicyError(f"an RSA key of {key.bits} bits is not allowed")
    public = load_der_public_key(key.spki)
    if not isinstance(public, rsa.RSAPublicKey):
        raise VerificationFailed("another kind of key")
    public.verify(signature, body, scheme, digest)


def _pss(identifier) -> tuple:
    parameters = identifier["parameters"]
    digest = parameters["hash_algorithm"]["algorithm"].native
    if digest not in _HASHES:
        raise PolicyError(f"the digest {digest} is not allowed")
    scheme = padding.PSS(padding.MGF1(_HASHES[digest]()), parameters["salt_length"].native)
    return scheme, _HASHES[digest]()

"""Private keys of the test CA and of the command line: SM2 through the provider, RSA and ECDSA through
`cryptography`.
"""

from dataclasses import dataclass

from asn1crypto import algos, core
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from ..encodings import signatures as sm2_signatures
from ..errors import PolicyError
from ..material import PrivateKey
from . import oids

KINDS = ("SM2", "RSA", "ECDSA")


@dataclass(frozen=True)
class SigningPair:
    """A key pair that signs certificates. `key` is a PrivateKey for SM2, an object of `cryptography` else."""

    kind: str
    key: object
    point: bytes = b""

    def __repr__(self) -> str:
        return f"SigningPair({self.kind})"

    @property
    def algorithm(self) -> algos.SignedDigestAlgorithm:
        """With parameters as the standards want them: NULL for RSA, absent for the others."""
        if self.kind == "RSA":
            return algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa", "parameters": core.Null()})
        return algos.SignedDigestAlgorithm({"algorithm": oids.SM2_WITH_SM3 if self.kind == "SM2" else "sha256_ecdsa"})

    def sign(self, body: bytes, provider, user_id: bytes) -> bytes:
        """The signature as certificates carry it (DER for SM2 and ECDSA)."""
        if self.kind == "SM2":
            return sm2_signatures.to_der(provider.sign(self.key, body, user_id=user_id).value)
        if self.kind == "RSA":
            return self.key.sign(body, padding.PKCS1v15(), hashes.SHA256())
        return self.key.sign(body, ec.ECDSA(hashes.SHA256()))

    def spki(self, form: str = "curve") -> bytes:
        """SubjectPublicKeyInfo, DER. `form` "sm2" writes the SM2 identifier as the algorithm, without parameters."""
        if self.kind != "SM2":
            return self.key.public_key().public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
            )
        return sm2_spki(self.point, form)


def sm2_spki(point: bytes, form: str = "curve") -> bytes:
    identifiers = [oids.SM2_CURVE] if form == "sm2" else [oids.EC_KEY, oids.SM2_CURVE]
    algorithm = b"".join(core.ObjectIdentifier(oid).dump() for oid in identifiers)
    content = _wrap(core.Sequence, algorithm) + core.BitString.load(_bits(point)).dump()
    return _wrap(core.Sequence, content)


def _wrap(kind, content: bytes) -> bytes:
    value = kind()
    value.contents = content
    return value.dump()


def _bits(content: bytes) -> bytes:
    return b"\x03" + bytes([len(content) + 1]) + b"\x00" + content


def make_pair(kind: str, provider) -> SigningPair:
    """A new key pair. Raises PolicyError for a kind we do not know."""
    if kind == "SM2":
        private: PrivateKey = provider.generate_key_pair()
        return SigningPair(kind, private, private.public.point)
    if kind == "RSA":
        return SigningPair(kind, rsa.generate_private_key(65537, 2048))
    if kind == "ECDSA":
        return SigningPair(kind, ec.generate_private_key(ec.SECP256R1()))
    raise PolicyError(f"no key kind {kind}; known: {', '.join(KINDS)}")

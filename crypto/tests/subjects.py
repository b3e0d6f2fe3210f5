"""What the contract suite is run against: a provider, the ports it promises, and how to hand it keys."""
from dataclasses import dataclass, field

import vectors
from ctsp_crypto import PrivateKey, PublicKey, Secret, SymmetricKey
from ctsp_crypto.providers.reference import ReferenceProvider
from ctsp_crypto.providers.standard import StandardProvider

SOFTWARE = frozenset((
    "Provider", "Digester", "Macer", "Cipher", "Signer", "Verifier", "PublicKeyCipher", "KeyAgreement", "KeyMaker",
    "RandomSource"))


@dataclass
class Subject:
    """A provider under test, with the keys of the standard in the form it takes them."""

    provider: object
    serves: frozenset
    keys: dict = field(default_factory=dict)

    def symmetric(self, raw: bytes):
        return SymmetricKey(Secret(raw), "sym", 7)

    def private(self, raw: bytes = vectors.SM2_D):
        return PrivateKey(Secret(raw), None, "sign", 3)

    def public(self, point: bytes = vectors.SM2_POINT):
        return PublicKey(point, "sign", 3)

    def close(self) -> None:
        pass


@dataclass(frozen=True)
class Kind:
    """How to make a subject; `serves` is known before, so that collecting tests starts nothing."""

    make: object
    serves: frozenset
    subject: type = Subject

    def start(self) -> Subject:
        return self.subject(self.make(), self.serves)


SM2_ONLY = SOFTWARE - {"Digester", "Macer", "Cipher"}

SUBJECTS = {
    "standard": Kind(StandardProvider, SOFTWARE),
    "reference": Kind(ReferenceProvider, SM2_ONLY),
}

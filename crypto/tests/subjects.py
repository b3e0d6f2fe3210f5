"""What the contract suite is run against: a provider, the ports it promises, and how to hand it keys."""
import hashlib
from dataclasses import dataclass, field

import soft_device
import vectors
from ctsp_crypto import KeyHandle, PrivateKey, PublicKey, Secret, SymmetricKey
from ctsp_crypto.encodings import ciphertexts, signatures
from ctsp_crypto.encodings.ciphertexts import Form
from ctsp_crypto.providers.cloud import CloudProvider
from ctsp_crypto.providers.compatible import CompatibleProvider
from ctsp_crypto.providers.reference import ReferenceProvider
from ctsp_crypto.providers.standard import StandardProvider
from simulator import Simulator

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

    def signature(self, raw: bytes) -> bytes:
        """r‖s in the form the provider writes."""
        return raw

    def ciphertext(self, value: bytes) -> bytes:
        """04‖C1‖C3‖C2 in the form the provider writes."""
        return value

    def clear_form(self, value: bytes) -> bytes:
        """The other way round."""
        return value

    def close(self) -> None:
        pass


class Partner(Subject):
    """The compatible provider: values in the forms of gmssl."""

    def signature(self, raw: bytes) -> bytes:
        return signatures.to_der(raw) if self.provider.der_signatures else raw

    def ciphertext(self, value: bytes) -> bytes:
        return ciphertexts.write(value, self.provider.form)

    def clear_form(self, value: bytes) -> bytes:
        return ciphertexts.read(value, self.provider.form)


class DeviceSubject(Subject):
    """The SDF provider: every key is put into the software device first, and handed over as a handle."""

    def symmetric(self, raw: bytes):
        """HMAC pads a key with zeros to 64 bytes, and hashes a longer one: devices take whole blocks only."""
        raw = hashlib.new("sm3", raw).digest() if len(raw) > 64 else raw + bytes(-len(raw) % 16)
        return soft_device.wrapped(raw, "sym", 7)

    def private(self, raw: bytes = vectors.SM2_D):
        if raw not in self.keys:
            self.keys[raw] = 100 + len(self.keys)
            soft_device.control().SOFTSDF_Pair(self.keys[raw], raw)
        return KeyHandle(f"pair:{self.keys[raw]}", "sign", 3)

    def close(self) -> None:
        self.provider.close()


class CloudSubject(Subject):
    """The cloud provider on a simulator of its own: keys are put there, and handed over by name."""

    simulator = None

    def symmetric(self, raw: bytes):
        name = f"sym {raw.hex()}"
        self.simulator.services.symmetric[name, 7] = SymmetricKey(Secret(raw))
        return KeyHandle(name, "sym", 7)

    def private(self, raw: bytes = vectors.SM2_D):
        name = f"pair/{raw[:4].hex()}"
        self.simulator.services.pairs[name, 3] = PrivateKey(Secret(raw))
        return KeyHandle(name, "sign", 3)

    def public(self, point: bytes = vectors.SM2_POINT):
        return self.private() if point == vectors.SM2_POINT else PublicKey(point, "sign", 3)

    def close(self) -> None:
        self.provider.close()
        self.simulator.close()
        assert not self.simulator.complaints, self.simulator.complaints


def start_cloud() -> CloudSubject:
    simulator = Simulator()
    patient = {"read_timeout": 60, "deadline": 90}
    subject = CloudSubject(
        CloudProvider(simulator.service("signature", **patient), simulator.service("data", **patient),
                      stampers=[simulator.services.provider.public_key(simulator.services.stamper)]), CLOUD)
    subject.simulator = simulator
    return subject


@dataclass(frozen=True)
class Kind:
    """How to make a subject; `serves` is known before, so that collecting tests starts nothing."""

    make: object
    serves: frozenset
    subject: type = Subject

    def start(self) -> Subject:
        if self.subject is CloudSubject:
            return start_cloud()
        return self.subject(self.make(), self.serves)


SM2_ONLY = SOFTWARE - {"Digester", "Macer", "Cipher"}
PARTNER = frozenset(("Provider", "Signer", "Verifier", "PublicKeyCipher"))
DEVICE = SOFTWARE - {"KeyAgreement", "KeyMaker"}
CLOUD = frozenset((
    "Provider", "Macer", "Cipher", "Signer", "Verifier", "PublicKeyCipher", "RandomSource", "CertificateVerifier",
    "TimeStamper"))

SUBJECTS = {
    "standard": Kind(StandardProvider, SOFTWARE),
    "reference": Kind(ReferenceProvider, SM2_ONLY),
    "compatible": Kind(CompatibleProvider, PARTNER, Partner),
    "compatible C1C3C2 DER": Kind(lambda: CompatibleProvider(Form.BARE_C1C3C2, True), PARTNER, Partner),
    "sdf": Kind(soft_device.provider, DEVICE, DeviceSubject),
    "cloud": Kind(None, CLOUD, CloudSubject),
}

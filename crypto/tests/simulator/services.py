"""What the services do, on the standard provider with keys in memory."""
import base64
import hashlib
import secrets
from datetime import UTC, datetime
from urllib.parse import unquote

from asn1crypto import x509

from ctsp_crypto import PrivateKey, PublicKey, Secret, SymmetricKey
from ctsp_crypto.errors import CryptoError, EncodingError, KeyMissing, VerificationFailed
from ctsp_crypto.providers.cloud import stamps
from ctsp_crypto.providers.standard import StandardProvider


class Services:
    """One method per operation of the contract: values of the request in, answer out."""

    def __init__(self):
        self.provider = StandardProvider()
        self.pairs: dict[tuple[str, int], PrivateKey] = {}
        self.symmetric: dict[tuple[str, int], SymmetricKey] = {}
        self.certificates: dict[str, bool] = {}
        self.stamper = self.provider.generate_key_pair()
        self.time = lambda: datetime.now(UTC)
        self.challenges: set[str] = set()
        self.status = "ready"

    def operations(self) -> dict:
        return {
            "/v1/health": lambda body: {"status": self.status, "product": "GM0000000000"},
            "/v1/keys/{key}/versions/{version}": self.key,
            "/v1/signatures": self.sign,
            "/v1/verifications": self.verify,
            "/v1/certificates/verifications": self.certificate,
            "/v1/time-stamps": self.stamp,
            "/v1/encryptions": self.encrypt,
            "/v1/decryptions": self.decrypt,
            "/v1/macs": self.macs,
            "/v1/envelopes": self.envelope,
            "/v1/envelopes/openings": self.open,
            "/v1/random": lambda body: {"data": write(secrets.token_bytes(body["size"]))},
            "/v1/sign-ins": self.sign_in,
        }

    def key(self, body):
        return named(body) | {"public_key": write(self.provider.public_key(self._pair(body)).point)}

    def sign(self, body):
        key = self._pair(body)
        return named(body) | {"items": [
            {"signature": write(self.provider.sign_digest(key, read(item["digest"])).value)} for item in body["items"]]}

    def verify(self, body):
        key = PublicKey(read(body["public_key"]))
        return {"items": [{"valid": self._holds(key, item)} for item in body["items"]]}

    def _holds(self, key, item) -> bool:
        try:
            self.provider.verify_digest(key, read(item["digest"]), read(item["signature"]))
        except VerificationFailed:
            return False
        return True

    def certificate(self, body):
        raw = read(body["certificate"])
        return {"valid": self.certificates.get(fingerprint(raw), False)} | about(raw)

    def stamp(self, body):
        part = stamps.signed_part(read(body["digest"]), self.time(), secrets.randbits(64))
        return {"token": write(stamps.write(part, self.provider.sign(self.stamper, part).value))}

    def encrypt(self, body):
        key = self._symmetric(body)
        return named(body) | {"items": [{"value": write(self.provider.encrypt(
            key, read(item["plaintext"]), aad=read(item["aad"]), algorithm=body["algorithm"],
            iv=read(item["iv"]) if "iv" in item else None).value)} for item in body["items"]]}

    def decrypt(self, body):
        key = self._symmetric(body)
        return named(body) | {"items": [{"plaintext": write(self.provider.decrypt(
            key, read(item["value"]), aad=read(item["aad"]), algorithm=body["algorithm"]))} for item in body["items"]]}

    def macs(self, body):
        key = self._symmetric(body)
        return named(body) | {"items": [
            {"mac": write(self.provider.mac(key, read(item["message"])).value)} for item in body["items"]]}

    def envelope(self, body):
        key = self.provider.public_key(self._pair(body))
        return named(body) | {"items": [
            {"value": write(self.provider.encrypt_to(key, read(item["plaintext"])).value)} for item in body["items"]]}

    def open(self, body):
        key = self._pair(body)
        return named(body) | {"items": [
            {"plaintext": write(self.provider.decrypt_with(key, read(item["value"])))} for item in body["items"]]}

    def sign_in(self, body):
        raw = read(body["certificate"])
        if body["challenge"] in self.challenges:
            raise EncodingError("challenge used before")
        self.challenges.add(body["challenge"])
        return {"accepted": self.certificates.get(fingerprint(raw), False)} | about(raw)

    def _pair(self, body) -> PrivateKey:
        return found(self.pairs, body)

    def _symmetric(self, body) -> SymmetricKey:
        return found(self.symmetric, body)


def found(keys: dict, body):
    try:
        return keys[unquote(body["key"]), int(body["version"])]
    except KeyError:
        raise KeyMissing("no such key") from None


def named(body) -> dict:
    return {"key": unquote(body["key"]), "version": int(body["version"])}


def about(certificate: bytes) -> dict:
    serial = x509.Certificate.load(certificate).serial_number
    return {"serial": f"{serial:x}", "fingerprint": fingerprint(certificate)}


def fingerprint(certificate: bytes) -> str:
    return hashlib.new("sm3", certificate).hexdigest()


def read(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def write(value: bytes) -> str:
    return base64.b64encode(value).decode()


def code_of(error: CryptoError) -> str:
    return {"KeyMissing": "key_missing", "DecryptionFailed": "decryption_failed", "PolicyError": "policy",
            "VerificationFailed": "verification_failed"}.get(type(error).__name__, "encoding")


def secret_key(raw: bytes) -> SymmetricKey:
    return SymmetricKey(Secret(raw))

"""签名验签服务: SM2 signatures, certificates, time stamps. Every signature that comes back is verified here.

The service's “valid” alone is never believed: what can be computed with public data is computed, and must agree.
"""
from collections.abc import Sequence
from datetime import UTC, datetime

from ... import algorithms, sm2
from ...errors import CryptoError, EncodingError, PolicyError, ProviderRefused, VerificationFailed
from ...material import KeyHandle, PublicKey
from ...ports import CertificateVerifier
from ...results import CertificateVerdict, Signed, TimeStamp
from .. import base
from ..standard import StandardProvider
from . import facts, stamps, wire
from .keys import PublicKeys, check_reference, reference
from .transport import Transport


class SignatureService:
    """Signer, Verifier, CertificateVerifier, TimeStamper."""

    name: str
    _signatures: Transport
    _keys: PublicKeys
    _local: StandardProvider
    _stampers: Sequence[PublicKey]
    _authority: str
    _trusted: CertificateVerifier | None

    def public_key(self, key: KeyHandle) -> PublicKey:
        return self._keys.of(_handle(key))

    # Signer
    def sign(self, key: KeyHandle, message: bytes, *, user_id: bytes = algorithms.DEFAULT_ID) -> Signed:
        return self.sign_many(key, (message,), user_id=user_id)[0]

    def sign_many(
        self, key: KeyHandle, messages: Sequence[bytes], *, user_id: bytes = algorithms.DEFAULT_ID
    ) -> list[Signed]:
        sm2.check_id(user_id)
        public = self.public_key(key)
        return self._sign(key, public, [sm2.message_digest(public, message, user_id) for message in messages])

    def sign_digest(self, key: KeyHandle, digest: bytes) -> Signed:
        base.check_digest(digest)
        return self._sign(key, self.public_key(key), [digest])[0]

    def _sign(self, key: KeyHandle, public: PublicKey, digests: Sequence[bytes]) -> list[Signed]:
        made = []
        service = self._signatures.service
        for part in wire.batches([len(digest) for digest in digests], service.batch, service.batch_bytes):
            answer = self._signatures.call("POST", "/v1/signatures", reference(key) | {
                "items": [{"digest": wire.write(digest)} for digest in digests[part]]})
            check_reference(key, answer)
            values = [wire.data(item, "signature", algorithms.SM2_SIGNATURE_SIZE)
                      for item in wire.items(answer, len(digests[part]))]
            self._check_signed(public, digests[part], values)
            made += [Signed(value, algorithms.SM2_SIGN, self.name, key.key_id, key.version) for value in values]
        return made

    def _check_signed(self, public: PublicKey, digests: Sequence[bytes], values: Sequence[bytes]) -> None:
        try:
            for digest, value in zip(digests, values, strict=True):
                self._local.verify_digest(public, digest, value)
        except VerificationFailed as error:
            raise ProviderRefused("the service answered with a signature that does not hold") from error

    # Verifier
    def verify(
        self, key: PublicKey | KeyHandle, message: bytes, signature: bytes, *,
        user_id: bytes = algorithms.DEFAULT_ID,
    ) -> None:
        if not self.verify_many(key, ((message, signature),), user_id=user_id)[0]:
            raise VerificationFailed("the SM2 signature does not hold")

    def verify_many(
        self, key: PublicKey | KeyHandle, pairs: Sequence[tuple[bytes, bytes]], *,
        user_id: bytes = algorithms.DEFAULT_ID,
    ) -> list[bool]:
        sm2.check_id(user_id)
        public = self._public(key)
        return self._verify(public, [(sm2.message_digest(public, message, user_id), value) for message, value in pairs])

    def verify_digest(self, key: PublicKey | KeyHandle, digest: bytes, signature: bytes) -> None:
        base.check_digest(digest)
        if not self._verify(self._public(key), [(digest, signature)])[0]:
            raise VerificationFailed("the SM2 signature does not hold")

    def _verify(self, public: PublicKey, pairs: Sequence[tuple[bytes, bytes]]) -> list[bool]:
        """The service's word and ours must be the same."""
        verdicts, service = [], self._signatures.service
        for part in wire.batches([len(value) + 32 for _digest, value in pairs], service.batch, service.batch_bytes):
            answer = self._signatures.call("POST", "/v1/verifications", {
                "public_key": wire.write(public.point),
                "items": [{"digest": wire.write(digest), "signature": wire.write(value)}
                          for digest, value in pairs[part]]})
            verdicts += [wire.truth(item, "valid") for item in wire.items(answer, len(pairs[part]))]
        if verdicts != [self._holds_here(public, *pair) for pair in pairs]:
            raise ProviderRefused("the service's verdict on a signature is not true")
        return verdicts

    def _holds_here(self, public: PublicKey, digest: bytes, value: bytes) -> bool:
        try:
            self._local.verify_digest(public, digest, value)
        except VerificationFailed:
            return False
        return True

    def _public(self, key: PublicKey | KeyHandle) -> PublicKey:
        if isinstance(key, KeyHandle):
            return self.public_key(key)
        sm2.check_point(base.clear_public(key, self.name).point)
        return key

    # CertificateVerifier
    def verify_certificate(self, certificate: bytes, *, at: datetime, usage: str = "sign") -> CertificateVerdict:
        if at.tzinfo is None or usage not in ("sign", "encrypt"):
            raise EncodingError("a certificate is verified at an aware time, for “sign” or “encrypt”")
        known = facts.read(certificate)
        answer = self._signatures.call("POST", "/v1/certificates/verifications", {
            "certificate": wire.write(certificate), "at": at.astimezone(UTC).isoformat(), "usage": usage})
        if not wire.truth(answer, "valid"):
            raise VerificationFailed("the certificate does not hold")
        return facts.confirm(known, answer, certificate, at, usage, self._trusted, self.name)

    # TimeStamper
    def time_stamp(self, digest: bytes) -> TimeStamp:
        base.check_digest(digest)
        answer = self._signatures.call("POST", "/v1/time-stamps", {"digest": wire.write(digest)})
        token = wire.data(answer, "token")
        try:
            return self.verify_time_stamp(digest, token)
        except CryptoError as error:
            raise ProviderRefused("the service answered with a time stamp that does not hold") from error

    def verify_time_stamp(self, digest: bytes, token: bytes) -> TimeStamp:
        """Needs the public key of the authority in the configuration; asks nobody."""
        if not self._stampers:
            raise PolicyError("the key of the time stamp authority is not configured")
        at = stamps.read(token, digest, self._stampers, self._local)
        return TimeStamp(token, digest, at.isoformat(), self.name, self._authority)


def _handle(key: KeyHandle) -> KeyHandle:
    if not isinstance(key, KeyHandle):
        raise PolicyError("the cloud signs with keys of its own, never with one handed to it")
    return key

"""安全认证网关: sign-in with a certificate. The gateway judges the certificate; its holder's answer is checked here."""
import secrets
from datetime import UTC, datetime

from ... import algorithms
from ...encodings import keys, signatures
from ...errors import EncodingError, VerificationFailed
from ...material import PublicKey
from ...ports import CertificateVerifier
from ...results import CertificateVerdict, Health
from ..standard import StandardProvider
from . import facts, wire
from .provider import check
from .settings import Service
from .transport import Clocks, Transport

CHALLENGE_SIZE = 32


class GatewayClient:
    """`challenge()` for the browser, then `sign_in()` with what its key made of it. The caller keeps challenges."""

    name = "gateway"

    def __init__(
        self, service: Service, *, trusted: CertificateVerifier | None = None, clocks: Clocks | None = None
    ):
        self._transport, self._local, self._trusted = Transport(service, clocks), StandardProvider(), trusted

    def health(self) -> Health:
        problem = check(self._transport)
        return Health(self.name, not problem, problem or "the gateway answers")

    def close(self) -> None:
        self._transport.close()

    @staticmethod
    def challenge() -> bytes:
        """32 random bytes, used once, short-lived: ours, so that the gateway cannot repeat one."""
        return secrets.token_bytes(CHALLENGE_SIZE)

    def sign_in(
        self, challenge: bytes, certificate: bytes, signature: bytes, *, at: datetime,
        user_id: bytes = algorithms.DEFAULT_ID,
    ) -> CertificateVerdict:
        """Who signed `challenge` with the key of `certificate` (DER). `signature`: r‖s or DER; `at` aware."""
        known = facts.read(certificate)
        try:
            self._local.verify(self._key(certificate), challenge, signatures.read(signature), user_id=user_id)
        except EncodingError as error:
            raise VerificationFailed("the signature does not hold") from error
        answer = self._transport.call("POST", "/v1/sign-ins", {
            "challenge": wire.write(challenge), "certificate": wire.write(certificate),
            "signature": wire.write(signatures.read(signature)), "user_id": wire.write(user_id),
            "at": at.astimezone(UTC).isoformat()}, repeatable=False)
        if not wire.truth(answer, "accepted"):
            raise VerificationFailed("the gateway does not accept the certificate")
        return facts.confirm(known, answer, certificate, at, "sign", self._trusted, self.name)

    @staticmethod
    def _key(certificate: bytes) -> PublicKey:
        return keys.read_public(facts.public_key(certificate))

"""Certificate requests (PKCS#10, GB/T 25056): reading and checking that the applicant holds the private key."""

from asn1crypto import csr

from .. import algorithms
from ..errors import EncodingError
from .certificate import BROKEN, bits_of, der_of, read_key
from .names import name_text
from .verification import verify_signature


class Request:
    """A parsed request; `check` proves possession of the key."""

    def __init__(self, encoded: bytes):
        self.der = der_of(encoded, "CERTIFICATE REQUEST")
        try:
            self._value = csr.CertificationRequest.load(self.der, strict=True)
            info = self._value["certification_request_info"]
            self.body = info.dump()
            self.subject = info["subject"]
            self.subject_text = name_text(self.subject)
            self.key = read_key(info["subject_pk_info"].dump())
            self.algorithm = self._value["signature_algorithm"].dump()
            self.signature = bits_of(self._value["signature"])
        except BROKEN as error:
            raise EncodingError("not a certificate request") from error

    def check(self, provider, user_id: bytes = algorithms.DEFAULT_ID) -> None:
        """Raises VerificationFailed or PolicyError."""
        verify_signature(self.key, self.body, self.signature, self.algorithm, provider, user_id)

    def summary(self) -> dict:
        return {"主体": self.subject_text, "密钥": f"{self.key.kind} {self.key.bits} 位", "密钥写法": self.key.form}

"""What systems built on the Python package `gmssl` exchange: its forms, without its defects.

gmssl 3.2.2 draws its nonces from `random`, decrypts without looking at C3, spoils public keys that begin with 04 or 0,
and leaves ZA to the caller. So the arithmetic here is that of another provider (`standard`); gmssl itself only
confirms at start, on known answers and with a nonce of ours, that the installed version reads and writes these forms.

| there | here |
|---|---|
| `CryptSM2(mode=0)`, its default | `Form.BARE_C1C2C3` |
| `CryptSM2(mode=1)` | `Form.BARE_C1C3C2` |
| `asn1=True` | `der_signatures=True` |
| `sign_with_sm3`, `verify_with_sm3` | `sign`, `verify` (the identity is always 1234567812345678) |
| `sign(sm3(data), k)` | `sign_digest`: no ZA |
"""
from functools import cached_property

from .. import algorithms
from ..encodings import ciphertexts, signatures
from ..encodings.ciphertexts import Form
from ..errors import CryptoError, DecryptionFailed, EncodingError, PolicyError, VerificationFailed
from ..material import PrivateKey, PublicKey
from ..results import Encrypted, Health, Signed
from . import base, known
from .standard import StandardProvider

OWN_FORMS = (Form.BARE_C1C2C3, Form.BARE_C1C3C2)


class CompatibleProvider(base.Batches):
    """Signer, Verifier and PublicKeyCipher whose values are in the partner's form."""

    name = "compatible"

    def __init__(
        self, form: Form = Form.BARE_C1C2C3, der_signatures: bool = False, arithmetic: StandardProvider | None = None
    ):
        self.form, self.der_signatures = form, der_signatures
        self._arithmetic = arithmetic or StandardProvider()

    @cached_property
    def _confirmed(self) -> Health:
        try:
            confirm(self)
        except CryptoError as error:
            return Health(self.name, False, str(error))
        return Health(self.name, True, f"{self.form.value}, {'DER' if self.der_signatures else 'r‖s'}")

    def health(self) -> Health:
        return self._confirmed

    def sign(self, key: PrivateKey, message: bytes, *, user_id: bytes = algorithms.DEFAULT_ID) -> Signed:
        check_identity(user_id)
        return self._signed(self._arithmetic.sign(key, message))

    def sign_digest(self, key: PrivateKey, digest: bytes) -> Signed:
        return self._signed(self._arithmetic.sign_digest(key, digest))

    def verify(
        self, key: PublicKey, message: bytes, signature: bytes, *, user_id: bytes = algorithms.DEFAULT_ID
    ) -> None:
        check_identity(user_id)
        self._arithmetic.verify(key, message, self._raw(signature))

    def verify_digest(self, key: PublicKey, digest: bytes, signature: bytes) -> None:
        self._arithmetic.verify_digest(key, digest, self._raw(signature))

    def encrypt_to(self, key: PublicKey, plaintext: bytes) -> Encrypted:
        made = self._arithmetic.encrypt_to(key, plaintext)
        value = ciphertexts.write(made.value, self.form)
        return Encrypted(value, made.algorithm, self.name, key.key_id, key.version)

    def decrypt_with(self, key: PrivateKey, value: bytes) -> bytes:
        try:
            ours = ciphertexts.read(value, self.form)
        except EncodingError as error:
            raise DecryptionFailed("the SM2 ciphertext cannot be decrypted") from error
        return self._arithmetic.decrypt_with(key, ours)

    def _signed(self, made: Signed) -> Signed:
        value = signatures.to_der(made.value) if self.der_signatures else made.value
        return Signed(value, made.algorithm, self.name, made.key_id, made.key_version)

    def _raw(self, signature: bytes) -> bytes:
        if not self.der_signatures:
            return signature
        try:
            return signatures.to_raw(signature)
        except EncodingError as error:
            raise VerificationFailed("the SM2 signature does not hold") from error


def check_identity(user_id: bytes) -> None:
    if user_id != algorithms.DEFAULT_ID:
        raise PolicyError("gmssl knows the identity 1234567812345678 only")


def partner(public: PublicKey, private: PrivateKey | None = None, form: Form = Form.BARE_C1C2C3, asn1: bool = False):
    """A `gmssl.sm2.CryptSM2`, with its key set past the constructor that would spoil it. Not for real keys."""
    try:
        from gmssl.sm2 import CryptSM2
    except ImportError as error:
        raise PolicyError("gmssl is not installed") from error
    raw = private.secret.reveal().hex() if private else ""
    engine = CryptSM2(raw, "", mode=int(form is Form.BARE_C1C3C2), asn1=asn1)
    engine.public_key = public.point[1:].hex()
    return engine


def confirm(provider: CompatibleProvider) -> None:
    """gmssl and we read each other, on the published key and nonce."""
    key, private = PublicKey(known.POINT), known.private_key()
    engine = partner(key, private, provider.form, provider.der_signatures)
    written = bytes.fromhex(engine.sign_with_sm3(known.MESSAGE, f"{known.K:064x}"))
    if provider._raw(written) != known.SIGNATURE:
        raise PolicyError("the installed gmssl signs in another form")
    if not engine.verify_with_sm3(provider.sign(private, known.MESSAGE).value.hex(), known.MESSAGE):
        raise PolicyError("the installed gmssl does not read our signatures")
    if provider.form not in OWN_FORMS:
        return  # a partner that wraps gmssl: it has no such form itself
    if engine.decrypt(ciphertexts.write(known.CIPHERTEXT, provider.form)) != known.PLAINTEXT:
        raise PolicyError("the installed gmssl does not read our ciphertexts")

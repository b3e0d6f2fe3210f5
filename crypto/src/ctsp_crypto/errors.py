"""What can go wrong. Messages never contain key bytes, plaintext or the value that was refused."""


class CryptoError(Exception):
    """Anything this package raises on purpose."""

    retryable = False


class KeyMissing(CryptoError):
    """No such key or no such version of it, destroyed ones included."""


class VerificationFailed(CryptoError):
    """A signature, MAC, certificate or chain does not hold. Never says which part: that would help a forger."""


class DecryptionFailed(CryptoError):
    """A ciphertext is damaged, belongs to other associated data or to another key. Never says which."""


class EncodingError(CryptoError):
    """A value is not in the form its standard prescribes, or is outside the domain of the operation."""


class ProviderUnavailable(CryptoError):
    """The provider did not answer: down, slow, no session free, library missing. The same call may work later."""

    retryable = True


class ProviderRefused(CryptoError):
    """The provider answered and refused, or answered something that is not true. Repeating will not help."""

    def __init__(self, message: str, code: int | str | None = None):
        super().__init__(message)
        self.code = code


class PolicyError(CryptoError):
    """Asked for something this installation does not allow: an algorithm, a clear key, a use of a key."""

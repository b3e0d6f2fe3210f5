"""SM2, SM3 and SM4 behind exchangeable providers. Map and contract: docs/crypto.md."""
from .errors import (
    CryptoError,
    DecryptionFailed,
    EncodingError,
    KeyMissing,
    PolicyError,
    ProviderRefused,
    ProviderUnavailable,
    VerificationFailed,
)
from .material import KeyHandle, PrivateKey, PublicKey, SymmetricKey
from .results import Agreement, Digest, Encrypted, Mac, Signed
from .secret import Secret

__version__ = "1.0.0"

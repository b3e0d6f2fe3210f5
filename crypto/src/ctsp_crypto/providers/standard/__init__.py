"""The default provider: `cryptography` for SM4, hashlib for SM3, the system's libcrypto for SM2."""
from .provider import StandardProvider

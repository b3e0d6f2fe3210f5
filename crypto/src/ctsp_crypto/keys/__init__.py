"""Envelope scheme: a root key outside the database wraps domain keys, which wrap data keys, one per purpose.
See docs/crypto.md.
"""

from .ceremony import Ceremonies, restore
from .keyring import Keyring
from .lifecycle import Lifecycle
from .records import ACTIVE, DECRYPT_ONLY, DESTROYED, HMAC_SM3, SM2, SM4, KeyRecord
from .root import FileRoot, ProviderRoot, RootKey
from .store import FileStore, KeyStore, MemoryStore

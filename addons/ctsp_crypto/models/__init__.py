from . import (
    audit_recorder,
    base,
    crypto,
    crypto_key,
    crypto_manifest,
    crypto_purpose,
    encrypted_mixin,
    encrypted_keys,  # extends encrypted_mixin
)

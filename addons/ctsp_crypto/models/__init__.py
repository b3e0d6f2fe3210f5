from . import (
    crypto,
    crypto_key,
    crypto_manifest,
    crypto_purpose,
)

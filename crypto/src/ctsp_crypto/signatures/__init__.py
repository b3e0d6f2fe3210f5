"""Signed messages (CMS, GM/T 0010) and signed PDF documents."""

from .cms import Identity, sign, sign_digest
from .verification import Digests, MessageReport, SignerReport, verify

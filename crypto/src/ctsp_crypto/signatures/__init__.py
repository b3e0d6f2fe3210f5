"""Signed messages (CMS, GM/T 0010) and signed PDF documents."""

from .cms import Identity, sign, sign_digest
from .digests import Digests
from .verification import MessageReport, SignerReport, verify

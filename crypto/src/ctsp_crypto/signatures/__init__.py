"""Signed messages (CMS, GM/T 0010) and signed PDF documents."""

from .cms import Identity, sign, sign_digest
from .digests import Digests
from .reports import MessageReport, SignerReport
from .verification import verify

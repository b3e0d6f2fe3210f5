"""Certificates: reading, chains, revocation, usage, GM/T 0015 profile, and a small CA for tests."""

from .certificate import Certificate, KeyInfo, read_many
from .chain import CertificateRefused, ChainReport, Problem, TrustStore
from .crl import Revocation, RevocationList
from .csr import Request
from .usage import check_pair

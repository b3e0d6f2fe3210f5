"""Cryptographic devices (cards, HSMs) behind GM/T 0018, editions 2012 and 2023: a vendor's `.so` through ctypes."""
from .device import Options
from .provider import SdfProvider

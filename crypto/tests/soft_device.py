"""Builds the software device once per run and loads it, with the tests' way into it."""
import ctypes
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers import algorithms as ciphers

from ctsp_crypto import KeyHandle, Secret
from ctsp_crypto.providers.sdf import Options, SdfProvider

SOURCE = Path(__file__).parent / "sdf" / "softsdf.c"
KEK, KEK_KEY = 1, bytes.fromhex("00112233445566778899aabbccddeeff")
PIN_INDEX, PIN = 7, b"12345678-pin"


@cache
def build() -> Path:
    """The shared library. Its compiler is a package the kit installs for tests."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    assert compiler, "no C compiler: scripts/setup --tests installs gcc"
    target = Path(tempfile.mkdtemp(prefix="softsdf-")) / "libsoftsdf.so"
    subprocess.run(
        [compiler, "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", str(target), str(SOURCE),
         "-l:libcrypto.so.3", "-lpthread"], check=True)
    return target


@cache
def control() -> ctypes.CDLL:
    library = ctypes.CDLL(str(build()))
    for name in ("Pair", "Kek", "Pin"):
        getattr(library, f"SOFTSDF_{name}").argtypes = [ctypes.c_uint, ctypes.c_char_p]
    library.SOFTSDF_Kek(KEK, KEK_KEY)
    library.SOFTSDF_Pin(PIN_INDEX, PIN)
    return library


def options(**changes) -> Options:
    return Options(**{"pins": {PIN_INDEX: Secret(PIN)}, "internal_decrypt": "with algorithm"} | changes)


def provider(**changes) -> SdfProvider:
    control()
    return SdfProvider(build(), options(**changes))


def wrapped(raw: bytes, key_id: str = "", version: int = 1) -> KeyHandle:
    """A key of ours under the device's key-encryption key, as a key ceremony would bring it in."""
    worker = Cipher(ciphers.SM4(KEK_KEY), modes.ECB()).encryptor()
    return KeyHandle(f"kek:{KEK}:{(worker.update(raw) + worker.finalize()).hex()}", key_id, version)

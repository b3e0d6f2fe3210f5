"""Algorithm identifiers (GM/T 0006) and error codes (GM/T 0018 annex A) with what they become here."""
from ...errors import (
    CryptoError,
    DecryptionFailed,
    KeyMissing,
    PolicyError,
    ProviderRefused,
    ProviderUnavailable,
    VerificationFailed,
)

SM3 = 0x00000001
SM4_ECB = 0x00000401
SM4_CBC = 0x00000402
SM4_MAC = 0x00000410
SM4_CTR = 0x00000420
SM4_GCM = 0x02000400
# GM/T 0006-2012 and later; some devices of the first hour say 0x00020100 and 0x00020400
SM2_SIGN = 0x00020200
SM2_ENCRYPT = 0x00020800

BASE = 0x01000000
NAMES = {
    0x01: "UNKNOWERR", 0x02: "NOTSUPPORT", 0x03: "COMMFAIL", 0x04: "HARDFAIL", 0x05: "OPENDEVICE",
    0x06: "OPENSESSION", 0x07: "PARDENY", 0x08: "KEYNOTEXIST", 0x09: "ALGNOTSUPPORT", 0x0A: "ALGMODNOTSUPPORT",
    0x0B: "PKOPERR", 0x0C: "SKOPERR", 0x0D: "SIGNERR", 0x0E: "VERIFYERR", 0x0F: "SYMOPERR", 0x10: "STEPERR",
    0x11: "FILESIZEERR", 0x12: "FILENOEXIST", 0x13: "FILEOFSERR", 0x14: "KEYTYPEERR", 0x15: "KEYERR",
    0x16: "ENCDATAERR", 0x17: "RANDERR", 0x18: "PRKRERR", 0x19: "MACERR", 0x1A: "FILEEXISTS", 0x1B: "FILEWERR",
    0x1C: "NOBUFFER", 0x1D: "INARGERR", 0x1E: "OUTARGERR", 0x1F: "USERIDERR",
}
_CLASSES = {
    "COMMFAIL": ProviderUnavailable, "HARDFAIL": ProviderUnavailable, "OPENDEVICE": ProviderUnavailable,
    "OPENSESSION": ProviderUnavailable, "NOBUFFER": ProviderUnavailable,
    "KEYNOTEXIST": KeyMissing,
    "NOTSUPPORT": PolicyError, "ALGNOTSUPPORT": PolicyError, "ALGMODNOTSUPPORT": PolicyError,
}
# devices differ in the code for data that does not fit: what they mean depends on what was asked
_BAD_SIGNATURE = ("VERIFYERR", "PKOPERR", "SIGNERR", "INARGERR", "ENCDATAERR")
_BAD_CIPHERTEXT = ("SYMOPERR", "SKOPERR", "PKOPERR", "ENCDATAERR", "MACERR", "INARGERR", "VERIFYERR")


def name(code: int) -> str:
    """`SDR_KEYNOTEXIST`, or the number of a vendor's own code."""
    known = NAMES.get(code - BASE)
    return f"SDR_{known}" if known else f"0x{code:08x}"


def error(function: str, code: int) -> CryptoError:
    """What a return code means to a caller."""
    kind = _CLASSES.get(NAMES.get(code - BASE, ""), ProviderRefused)
    text = f"{function}: {name(code)}"
    return kind(text, code) if kind is ProviderRefused else kind(text)


def about_signature(refusal: ProviderRefused) -> CryptoError:
    return _read(refusal, _BAD_SIGNATURE, VerificationFailed("the SM2 signature does not hold"))


def about_ciphertext(refusal: ProviderRefused) -> CryptoError:
    return _read(refusal, _BAD_CIPHERTEXT, DecryptionFailed("the ciphertext cannot be decrypted"))


def _read(refusal: ProviderRefused, codes: tuple[str, ...], meaning: CryptoError) -> CryptoError:
    return meaning if NAMES.get((refusal.code or 0) - BASE) in codes else refusal

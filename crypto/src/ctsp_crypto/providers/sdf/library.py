"""The functions of GM/T 0018 that are used, as ctypes knows them. What a library lacks is found when it is called."""
import ctypes
from pathlib import Path

from ...errors import PolicyError, ProviderUnavailable
from . import codes

_HANDLE, _OUT, _INT, _DATA = ctypes.c_void_p, ctypes.POINTER(ctypes.c_void_p), ctypes.c_uint, ctypes.c_char_p
_SIZE = ctypes.POINTER(ctypes.c_uint)

# Argument types; all return SGD_RV. Blobs of the standard (keys, signatures, ciphertexts) are plain bytes: `blobs`.
PROTOTYPES = {
    "SDF_OpenDevice": [_OUT],
    "SDF_CloseDevice": [_HANDLE],
    "SDF_OpenSession": [_HANDLE, _OUT],
    "SDF_CloseSession": [_HANDLE],
    "SDF_GetDeviceInfo": [_HANDLE, _DATA],
    "SDF_GenerateRandom": [_HANDLE, _INT, _DATA],
    "SDF_GetPrivateKeyAccessRight": [_HANDLE, _INT, _DATA, _INT],
    "SDF_ReleasePrivateKeyAccessRight": [_HANDLE, _INT],
    "SDF_ExportSignPublicKey_ECC": [_HANDLE, _INT, _DATA],
    "SDF_ExportEncPublicKey_ECC": [_HANDLE, _INT, _DATA],
    "SDF_GenerateKeyWithKEK": [_HANDLE, _INT, _INT, _INT, _DATA, _SIZE, _OUT],
    "SDF_ImportKeyWithKEK": [_HANDLE, _INT, _INT, _DATA, _INT, _OUT],
    "SDF_GenerateKeyWithIPK_ECC": [_HANDLE, _INT, _INT, _DATA, _OUT],
    "SDF_ImportKeyWithISK_ECC": [_HANDLE, _INT, _DATA, _OUT],
    "SDF_DestroyKey": [_HANDLE, _HANDLE],
    "SDF_InternalSign_ECC": [_HANDLE, _INT, _DATA, _INT, _DATA],
    "SDF_InternalVerify_ECC": [_HANDLE, _INT, _DATA, _INT, _DATA],
    "SDF_ExternalVerify_ECC": [_HANDLE, _INT, _DATA, _DATA, _INT, _DATA],
    "SDF_ExternalEncrypt_ECC": [_HANDLE, _INT, _DATA, _DATA, _INT, _DATA],
    "SDF_Encrypt": [_HANDLE, _HANDLE, _INT, _DATA, _DATA, _INT, _DATA, _SIZE],
    "SDF_Decrypt": [_HANDLE, _HANDLE, _INT, _DATA, _DATA, _INT, _DATA, _SIZE],
    "SDF_AuthEnc": [_HANDLE, _HANDLE, _INT, _DATA, _INT, _DATA, _INT, _DATA, _INT, _DATA, _SIZE, _DATA, _SIZE],
    "SDF_AuthDec": [_HANDLE, _HANDLE, _INT, _DATA, _INT, _DATA, _INT, _DATA, _INT, _DATA, _INT, _DATA, _SIZE],
    "SDF_CalculateMAC": [_HANDLE, _HANDLE, _INT, _DATA, _DATA, _INT, _DATA, _SIZE],
    "SDF_HashInit": [_HANDLE, _INT, _DATA, _DATA, _INT],
    "SDF_HashUpdate": [_HANDLE, _DATA, _INT],
    "SDF_HashFinal": [_HANDLE, _DATA, _SIZE],
    "SDF_HMACInit": [_HANDLE, _HANDLE, _INT],
    "SDF_HMACUpdate": [_HANDLE, _DATA, _INT],
    "SDF_HMACFinal": [_HANDLE, _DATA, _SIZE],
}
# Decryption with an inner key is no function of the standard; vendors have it in two shapes
INTERNAL_DECRYPT = {
    "with algorithm": [_HANDLE, _INT, _INT, _DATA, _DATA, _SIZE],
    "without algorithm": [_HANDLE, _INT, _DATA, _DATA, _SIZE],
}


class Library:
    """A loaded `.so`; `call` raises what its return code means."""

    def __init__(self, path: str | Path, internal_decrypt: str = ""):
        try:
            self._library = ctypes.CDLL(str(path))
        except OSError as error:
            raise ProviderUnavailable(f"the SDF library cannot be loaded: {error}") from error
        self._functions = {}
        prototypes = dict(PROTOTYPES)
        if internal_decrypt:
            prototypes["SDF_InternalDecrypt_ECC"] = INTERNAL_DECRYPT[internal_decrypt]
        for name, arguments in prototypes.items():
            function = getattr(self._library, name, None)
            if function:
                function.restype, function.argtypes = ctypes.c_uint, arguments
                self._functions[name] = function

    def has(self, name: str) -> bool:
        return name in self._functions

    def call(self, name: str, *arguments) -> None:
        function = self._functions.get(name)
        if not function:
            raise PolicyError(f"the device's library has no {name}")
        code = function(*arguments)
        if code:
            raise codes.error(name, code)

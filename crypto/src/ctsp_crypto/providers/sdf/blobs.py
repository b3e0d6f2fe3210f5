"""The structures of GM/T 0018 §5 as bytes. Numbers are big-endian, right-aligned in `width` bytes.

`width` is 64 by the standard (ECCref_MAX_BITS 512); devices built for 256 bits only have 32. Lengths are native.
"""
import struct
from dataclasses import dataclass

from ...encodings import ciphertexts, signatures
from ...errors import EncodingError, ProviderRefused

FIELD = 32
BITS = 256


@dataclass(frozen=True)
class Layout:
    """How wide the device writes a coordinate."""

    width: int = 64

    @property
    def public_size(self) -> int:
        return 4 + 2 * self.width

    @property
    def signature_size(self) -> int:
        return 2 * self.width

    def cipher_size(self, plaintext: int) -> int:
        return 2 * self.width + FIELD + 4 + plaintext

    def public(self, point: bytes) -> bytes:
        """ECCrefPublicKey of 04‖x‖y."""
        return struct.pack("=I", BITS) + self._pad(point[1:33]) + self._pad(point[33:])

    def point(self, blob: bytes) -> bytes:
        if struct.unpack_from("=I", blob)[0] != BITS:
            raise ProviderRefused("the device's key is not one of SM2")
        return b"\x04" + self._cut(blob, 4) + self._cut(blob, 4 + self.width)

    def signature(self, raw: bytes) -> bytes:
        """ECCSignature of r‖s."""
        return self._pad(raw[:FIELD]) + self._pad(raw[FIELD:])

    def raw_signature(self, blob: bytes) -> bytes:
        raw = self._cut(blob, 0) + self._cut(blob, self.width)
        try:
            signatures.split(raw)
        except EncodingError as error:
            raise ProviderRefused("the device answered with something that is no signature") from error
        return raw

    def cipher(self, value: bytes) -> bytes:
        """ECCCipher of 04‖C1‖C3‖C2."""
        body = value[ciphertexts.C2_START:]
        return (self._pad(value[1:33]) + self._pad(value[33:65]) + value[65:ciphertexts.C2_START]
                + struct.pack("=I", len(body)) + body)

    def ciphertext(self, blob: bytes) -> bytes:
        start = 2 * self.width
        (size,) = struct.unpack_from("=I", blob, start + FIELD)
        body = blob[start + FIELD + 4:start + FIELD + 4 + size]
        value = b"\x04" + self._cut(blob, 0) + self._cut(blob, self.width) + blob[start:start + FIELD] + body
        try:
            ciphertexts.check(value)
        except EncodingError as error:
            raise ProviderRefused("the device answered with something that is no ciphertext") from error
        return value

    def _pad(self, number: bytes) -> bytes:
        return number.rjust(self.width, b"\0")

    def _cut(self, blob: bytes, start: int) -> bytes:
        field = blob[start:start + self.width]
        if any(field[:-FIELD]):
            raise ProviderRefused("the device answered with a number of more than 256 bits")
        return field[-FIELD:]


def device_info(blob: bytes) -> dict:
    """DEVICEINFO: maker, model, serial number, versions."""
    maker, model, serial = (text.split(b"\0")[0].decode("utf-8", "replace").strip()
                            for text in struct.unpack_from("40s16s16s", blob))
    software, standard = struct.unpack_from("=II", blob, 72)
    return {"maker": maker, "model": model, "serial": serial, "software": software, "standard": standard}


DEVICE_INFO_SIZE = 100

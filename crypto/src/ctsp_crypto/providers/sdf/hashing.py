"""SM3, HMAC-SM3 and SM4-MAC of a device."""
import ctypes
import hmac
from collections.abc import Iterable, Sequence

from ... import algorithms
from ...errors import PolicyError, VerificationFailed
from ...material import KeyHandle, PublicKey
from ...results import Digest, Mac
from . import blobs, codes
from .device import Device, Options, Session


class Hashes:
    """`Digester` and `Macer`. A batch runs in one session."""

    name: str
    options: Options
    _device: Device
    _layout: blobs.Layout

    def digest(self, message: bytes) -> Digest:
        return self.digests((message,))[0]

    def digests(self, messages: Sequence[bytes]) -> list[Digest]:
        with self._device.session() as session:
            return [self._digest(session, (message,)) for message in messages]

    def digest_stream(self, chunks: Iterable[bytes]) -> Digest:
        with self._device.session() as session:
            return self._digest(session, chunks)

    def _digest(self, session: Session, chunks: Iterable[bytes]) -> Digest:
        session.call("SDF_HashInit", codes.SM3, None, None, 0)
        return Digest(self._finished(session, "SDF_Hash", chunks), algorithms.SM3, self.name)

    def _message_digest(self, session: Session, key: PublicKey, message: bytes, user_id: bytes) -> bytes:
        """e = SM3(ZA ‖ message): with a key and an identity the device puts ZA in front."""
        session.call("SDF_HashInit", codes.SM3, self._layout.public(key.point), user_id, len(user_id))
        return self._finished(session, "SDF_Hash", (message,))

    def mac(self, key: KeyHandle, message: bytes) -> Mac:
        return self.macs(key, (message,))[0]

    def macs(self, key: KeyHandle, messages: Sequence[bytes]) -> list[Mac]:
        about = (self.options.mac, self.name, key.key_id, key.version)
        with self._device.session() as session:
            return [Mac(self._mac(session, key, message), *about) for message in messages]

    def verify_mac(self, key: KeyHandle, message: bytes, mac: bytes) -> None:
        if not self.verify_macs(key, ((message, mac),))[0]:
            raise VerificationFailed("the MAC does not hold")

    def verify_macs(self, key: KeyHandle, pairs: Sequence[tuple[bytes, bytes]]) -> list[bool]:
        with self._device.session() as session:
            return [hmac.compare_digest(self._mac(session, key, message), mac) for message, mac in pairs]

    def _mac(self, session: Session, key: KeyHandle, message: bytes) -> bytes:
        made = session.key(self._handle(key))
        if self.options.mac == algorithms.SM4_MAC:
            return self._block_mac(session, made, message)
        if self.options.mac != algorithms.HMAC_SM3:
            raise PolicyError(f"no MAC {self.options.mac}")
        session.call("SDF_HMACInit", made, codes.SM3)
        return self._finished(session, "SDF_HMAC", (message,))

    def _block_mac(self, session: Session, key: int, message: bytes) -> bytes:
        """CBC-MAC (GB/T 15852.1 scheme 1) with the length in front (padding 3), so that lengths may differ."""
        data = (len(message) * 8).to_bytes(16, "big") + message + bytes(-len(message) % 16 or 16 * (not message))
        chain = bytes(16)
        for start in range(0, len(data), self.options.block):
            piece = data[start:start + self.options.block]
            iv = ctypes.create_string_buffer(chain, len(chain))
            chain = session.fetch("SDF_CalculateMAC", key, codes.SM4_MAC, iv, piece, len(piece), room=16)
        return chain

    def _finished(self, session: Session, prefix: str, chunks: Iterable[bytes]) -> bytes:
        for chunk in chunks:
            for start in range(0, len(chunk), self.options.block):
                piece = chunk[start:start + self.options.block]
                session.call(f"{prefix}Update", piece, len(piece))
        return session.fetch(f"{prefix}Final", room=algorithms.DIGEST_SIZE)

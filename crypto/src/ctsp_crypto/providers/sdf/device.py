"""A device and its sessions: opened when needed, lent to one thread at a time, opened anew after failure or fork."""
import ctypes
import os
import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from ... import algorithms
from ...errors import CryptoError, EncodingError, KeyMissing, PolicyError, ProviderUnavailable
from ...material import KeyHandle
from ...secret import Secret
from . import blobs, codes
from .library import Library

CACHED_KEYS = 64


@dataclass(frozen=True)
class Options:
    """What differs between devices. `pins`: index of a key pair → its access code (8 bytes or more)."""

    pins: Mapping[int, Secret] = field(default_factory=dict)
    sessions: int = 8
    wait: float = 5.0  # seconds for a free session
    width: int = 64
    block: int = 32_768  # bytes per call of what is done in pieces; a multiple of 16
    mac: str = algorithms.HMAC_SM3  # or SM4-MAC, for devices of the 2012 edition
    internal_decrypt: str = ""  # "with algorithm", "without algorithm"
    gcm: int = codes.SM4_GCM
    sm2_sign: int = codes.SM2_SIGN
    sm2_encrypt: int = codes.SM2_ENCRYPT


class Session:
    """One session of the device. Not safe for threads: the pool lends it to one at a time."""

    def __init__(self, library: Library, device: int, options: Options):
        self.library, self._options = library, options
        opened = ctypes.c_void_p()
        library.call("SDF_OpenSession", device, ctypes.byref(opened))
        self.handle = opened.value
        self._allowed: set[int] = set()
        self._keys: OrderedDict[str, int] = OrderedDict()

    def call(self, name: str, *arguments) -> None:
        self.library.call(name, self.handle, *arguments)

    def fetch(self, name: str, *arguments, room: int, sized: bool = True) -> bytes:
        """Call with a buffer of `room` bytes as the last argument (and its size, in and out, when `sized`)."""
        out, size = ctypes.create_string_buffer(max(room, 1)), ctypes.c_uint(room)
        self.call(name, *arguments, out, *([ctypes.byref(size)] if sized else []))
        if size.value > room:
            raise codes.error(name, codes.BASE + 0x1E)
        return out.raw[:size.value]

    def allow(self, index: int) -> None:
        """Get the right to use an inner private key, once per session."""
        pin = self._options.pins.get(index)
        if index in self._allowed or pin is None:
            return
        raw = ctypes.create_string_buffer(pin.reveal(), len(pin))
        try:
            self.call("SDF_GetPrivateKeyAccessRight", index, raw, len(pin))
        finally:
            ctypes.memset(raw, 0, len(pin))
        self._allowed.add(index)

    def key(self, handle: KeyHandle) -> int:
        """The session's handle of a wrapped key, imported at its first use."""
        known = self._keys.get(handle.locator)
        if known is not None:
            self._keys.move_to_end(handle.locator)
            return known
        while len(self._keys) >= CACHED_KEYS:
            self.destroy(self._keys.popitem(last=False)[1])
        made = self._import(*parse_wrapped(handle))
        self._keys[handle.locator] = made
        return made

    def remember(self, handle: KeyHandle, made: int) -> None:
        self._keys[handle.locator] = made

    def destroy(self, made: int) -> None:
        self.call("SDF_DestroyKey", made)

    def _import(self, kind: str, index: int, wrapped: bytes) -> int:
        made = ctypes.c_void_p()
        if kind == "kek":
            self.call("SDF_ImportKeyWithKEK", codes.SM4_ECB, index, wrapped, len(wrapped), ctypes.byref(made))
        else:
            self.allow(index)
            blob = blobs.Layout(self._options.width).cipher(wrapped)
            self.call("SDF_ImportKeyWithISK_ECC", index, blob, ctypes.byref(made))
        return made.value

    def close(self) -> None:
        """What fails here does not matter any more."""
        for made in self._keys.values():
            self._quietly("SDF_DestroyKey", made)
        for index in self._allowed:
            self._quietly("SDF_ReleasePrivateKeyAccessRight", index)
        self._quietly("SDF_CloseSession")

    def _quietly(self, name: str, *arguments) -> None:
        try:
            self.call(name, *arguments)
        except CryptoError:
            pass


def parse_pair(handle: KeyHandle) -> int:
    """`pair:3`: the key pairs (for signing, for encryption) at index 3."""
    kind, _colon, index = handle.locator.partition(":")
    if kind != "pair" or not index.isdecimal():
        raise KeyMissing(f"{handle.locator.split(':')[0]} is no key pair of a device: pair:<index>")
    return int(index)


def parse_wrapped(handle: KeyHandle) -> tuple[str, int, bytes]:
    """`kek:1:<hex>`: SM4 under a key-encryption key. `envelope:3:<hex>`: 04‖C1‖C3‖C2 under the pair at 3."""
    kind, _colon, rest = handle.locator.partition(":")
    index, _colon, wrapped = rest.partition(":")
    if kind not in ("kek", "envelope") or not index.isdecimal():
        raise KeyMissing(f"{kind} is no wrapped key of a device: kek:<index>:<hex> or envelope:<index>:<hex>")
    try:
        return kind, int(index), bytes.fromhex(wrapped)
    except ValueError as error:
        raise EncodingError("a wrapped key is written in hexadecimal") from error


_pools: "weakref.WeakSet[Device]" = weakref.WeakSet()


class Device:
    """A pool of sessions on one device."""

    def __init__(self, library: Library, options: Options):
        if options.block % 16 or options.block <= 0:
            raise PolicyError("the block size is a multiple of 16")
        self.library, self.options = library, options
        self._forget()
        _pools.add(self)

    def _forget(self) -> None:
        """A child process must not use, nor close, what its parent opened."""
        self._condition = threading.Condition()
        self._device: int | None = None
        self._idle: list[Session] = []
        self._lent = 0

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Lend a session; one that failed for want of its device is closed, and the device with it."""
        session = self._take()
        try:
            yield session
        except ProviderUnavailable:
            self._give_back(session, broken=True)
            raise
        except BaseException:
            self._give_back(session)
            raise
        self._give_back(session)

    def _take(self) -> Session:
        deadline = time.monotonic() + self.options.wait
        with self._condition:
            while not self._idle and self._lent >= self.options.sessions:
                if not self._condition.wait(deadline - time.monotonic()):
                    raise ProviderUnavailable(f"no session of the device was free for {self.options.wait:g} s")
            self._lent += 1
            try:
                return self._idle.pop() if self._idle else Session(self.library, self._opened(), self.options)
            except BaseException:
                self._lent -= 1
                self._condition.notify()
                self._close_when_idle()
                raise

    def _give_back(self, session: Session, broken: bool = False) -> None:
        with self._condition:
            self._lent -= 1
            if broken:
                session.close()
                while self._idle:
                    self._idle.pop().close()
                self._close_when_idle()
            else:
                self._idle.append(session)
            self._condition.notify()

    def _opened(self) -> int:
        if self._device is None:
            opened = ctypes.c_void_p()
            self.library.call("SDF_OpenDevice", ctypes.byref(opened))
            self._device = opened.value
        return self._device

    def _close_when_idle(self) -> None:
        """After a failure the next session opens the device anew, once nobody uses the old one."""
        if self._lent or self._idle or self._device is None:
            return
        device, self._device = self._device, None
        try:
            self.library.call("SDF_CloseDevice", device)
        except CryptoError:
            pass

    def close(self) -> None:
        with self._condition:
            while self._idle:
                self._idle.pop().close()
            self._close_when_idle()


def _after_fork() -> None:
    for device in _pools:
        device._forget()


os.register_at_fork(after_in_child=_after_fork)

"""The keys of one purpose, by version: wrapped in the database, or staying in a device or service.

``locators`` of the purpose names one place for each version, oldest first: :data:`HERE` for a version that lies in the
database, else a name in the language of the provider, with ``@3`` where its own number there is not its place in the
list. So a purpose moves from software keys to a service, and what the old ones protected goes on being verified.
"""
from ctsp_crypto.errors import KeyMissing, PolicyError
from ctsp_crypto.material import KeyHandle

from . import machine

HERE = "-"
NUMBER = "@"


def places(text):
    """Return the parts of a purpose's ``locators``."""
    return tuple(part for part in (one.strip() for one in (text or "").split(",")) if part)


def problem(locators, versions_here):
    """Return what is wrong with ``locators`` of a purpose that has so many versions in the database, "" if nothing."""
    here = [place for place in locators if place == HERE]
    if len(here) != versions_here or list(locators[:len(here)]) != here:
        return "here"
    return "" if all(_number(name, 1) for name in locators[len(here):]) else "name"


class Keys:
    """What :class:`~..models.crypto.Crypto` asks for: a key in clear or the handle of one, of a version or in use."""

    def __init__(self, purpose, locators, ring):
        self._purpose, self._ring = purpose, ring
        self._handles = [_handle(purpose, place, name) for place, name in enumerate(locators, 1)]

    def current(self):
        return self._handle(None) or self._ring.current(self._purpose)

    def version(self, version):
        return self._handle(version) or self._ring.version(self._purpose, version)

    def mac(self, context, version):
        return self._handle(version) or self._ring.mac_key(self._purpose, context, version)

    def index(self, context, version):
        return self._handle(version) or self._ring.index_key(self._purpose, context, version)

    def signing(self, version=None):
        return self._handle(version) or self._ring.signing_key(self._purpose, version)

    def public(self, version):
        handle = self._handle(version)
        return machine.providers().public_half(handle) if handle else self._ring.public_key(self._purpose, version)

    def number(self, key):
        """Return the version of the purpose that ``key`` is."""
        return self._handles.index(key) + 1 if isinstance(key, KeyHandle) else key.version

    def within(self, key, context, messages):
        """A key in clear is derived for its context; of one outside nothing can be: the context is named in front."""
        if not isinstance(key, KeyHandle):
            return messages
        head = context.encode()
        return [len(head).to_bytes(2, "big") + head + message for message in messages]

    def _handle(self, version):
        """Return the handle of a version that lies outside (None: the one in use), None where it lies here."""
        if not self._handles:
            return None
        place = len(self._handles) if version is None else version
        if not 0 < place <= len(self._handles):
            raise KeyMissing(f"{self._purpose} version {version}")
        return self._handles[place - 1]


def _handle(purpose, place, name):
    if name == HERE:
        return None
    number = _number(name, place)
    if not number:
        raise PolicyError(f"{purpose}: the name of a key is wrong")
    return KeyHandle(name.partition(NUMBER)[0], purpose, number)


def _number(name, place):
    """Return the number of a version where it lies; 0 for a name that says none."""
    locator, mark, number = name.partition(NUMBER)
    if not locator or (mark and not number.isdecimal()):
        return 0
    return int(number) if mark else place

"""Public keys of keys that live in the cloud: pinned in the configuration, or learned once and never changed after."""
from collections.abc import Mapping
from urllib.parse import quote

from ... import sm2
from ...errors import EncodingError, KeyMissing, ProviderRefused
from ...material import KeyHandle, PublicKey
from . import wire
from .transport import Transport


def reference(key: KeyHandle) -> dict:
    """The key as a request names it."""
    if not key.locator:
        raise KeyMissing("a key of the cloud has a name")
    return {"key": key.locator, "version": key.version}


def check_reference(key: KeyHandle, answer: dict) -> None:
    if (wire.text(answer, "key"), wire.number(answer, "version")) != (key.locator, key.version):
        raise ProviderRefused("the service used another key or version than it was asked to")


class PublicKeys:
    """`pinned`: locator and version → 04‖x‖y. Without a pin the first answer counts for the life of the process."""

    def __init__(self, transport: Transport, pinned: Mapping[tuple[str, int], bytes] | None = None):
        self._transport = transport
        self._known = {name: PublicKey(point, *name) for name, point in (pinned or {}).items()}

    def of(self, key: KeyHandle) -> PublicKey:
        name = (key.locator, key.version)
        if name not in self._known:
            self._known.setdefault(name, self._asked(key))
        return PublicKey(self._known[name].point, key.key_id, key.version)

    def _asked(self, key: KeyHandle) -> PublicKey:
        asked = reference(key)
        answer = self._transport.call("GET", f"/v1/keys/{quote(asked['key'], safe='')}/versions/{key.version:d}")
        check_reference(key, answer)
        point = wire.data(answer, "public_key", 65)
        try:
            sm2.check_point(point)
        except EncodingError as error:
            raise ProviderRefused("the service answered with a public key that is none") from error
        return PublicKey(point)

"""The table of contents of a key store: which records there are, with their MACs, and how often it has been changed.

A record's own MAC proves that the record is ours; only the table proves that none is missing and none is an
older one of ours. A change is announced in it before the record is written and settled afterwards, so that a
run killed in between leaves nothing that looks like tampering.
"""

import hmac

from ..errors import VerificationFailed
from ..sealing.files import canonical
from ..secret import Secret
from .records import KeyRecord
from .store import KeyStore

FORMAT = "ctsp-key-manifest/1"
_EMPTY = {"format": FORMAT, "sequence": 0, "records": {}, "pending": {}}


class Manifest:
    """Changes go through `save`; whatever was not announced through it shows up in `problems`."""

    def __init__(self, store: KeyStore, integrity: Secret):
        self._store, self._integrity = store, integrity

    def save(self, record: KeyRecord) -> None:
        """Announce, write, settle."""
        body = self._settled()
        self._put({**body, "pending": {_name(record): record.mac}})
        self._store.save(record)
        self._put(self._settled())

    @property
    def sequence(self) -> int:
        return self._store.get_manifest().get("sequence", 0)

    def problems(self, records: list[KeyRecord]) -> list[str]:
        try:
            body = self._get()
        except VerificationFailed:
            return ["密钥清单被改动或缺失"]
        expected, pending = body["records"], body["pending"]
        found = {_name(record): record.mac for record in records}
        return (
            [f"密钥 {name} 的记录缺失" for name in sorted(expected.keys() - found.keys())]
            + [f"密钥 {name} 不在清单中" for name in sorted(found.keys() - expected.keys() - pending.keys())]
            + [
                f"密钥 {name} 的记录不是最新的一份"
                for name in sorted(found.keys() & (expected.keys() | pending.keys()))
                if found[name] not in (expected.get(name), pending.get(name))
            ]
        )

    def _settled(self) -> dict:
        """The table with what was announced and has arrived; what has not arrived never happened."""
        body = self._get()
        if body["pending"]:
            there = {_name(record): record.mac for record in self._store.records()}
            arrived = {name: mac for name, mac in body["pending"].items() if there.get(name) == mac}
            body = {**body, "records": {**body["records"], **arrived}, "pending": {}}
        return body

    def _get(self) -> dict:
        body = self._store.get_manifest()
        if not body and not any(record.mac for record in self._store.records()):
            return dict(_EMPTY)
        stated = body.pop("mac", "")
        if not hmac.compare_digest(self._mac(body), stated):
            raise VerificationFailed("the table of contents of the key store was changed")
        return body

    def _put(self, body: dict) -> None:
        body = {**body, "sequence": body["sequence"] + 1}
        self._store.put_manifest({**body, "mac": self._mac(body)})

    def _mac(self, body: dict) -> str:
        return hmac.digest(self._integrity.reveal(), b"manifest" + canonical(body), "sm3").hex()


def _name(record: KeyRecord) -> str:
    return f"{record.id}#{record.version}"

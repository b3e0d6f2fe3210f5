"""Backup and restore of a key store with its root key, under dual control.

A backup is two things that lie in different places:
- one *bundle*: all records, the table of contents and the file root key, encrypted (SM4-GCM) with a key that is
drawn for this bundle;
- one *share* per custodian: a Shamir share of that key, encrypted with the custodian's own passphrase
(PBKDF2-HMAC-SM3, SM4-GCM). `threshold` custodians together open the bundle; one alone, or the bundle alone,
opens nothing. A root key that stays inside a module is not in the bundle: the module has a backup of its own,
and the restored store needs that module.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from .. import algorithms
from ..errors import DecryptionFailed, EncodingError, PolicyError
from ..material import SymmetricKey
from ..sealing.files import canonical
from ..secret import Secret
from . import sharing
from .keyring import Keyring
from .records import KeyRecord
from .root import FileRoot
from .store import KeyStore

BUNDLE, SHARE = "ctsp-key-backup/1", "ctsp-key-share/1"
ITERATIONS = 300_000
MIN_PASSPHRASE = 12  # bytes


@dataclass(frozen=True)
class Custodian:
    """Who keeps a share, and the passphrase only he knows."""

    name: str
    passphrase: Secret


@dataclass(frozen=True)
class Backup:
    """Files to be written: the bundle, and for every custodian his share. Neither shows a key."""

    id: str
    bundle: bytes
    shares: dict[str, bytes]


def make(
    ring: Keyring, custodians: Sequence[Custodian], threshold: int, now: datetime, iterations: int = ITERATIONS
) -> Backup:
    """Raises PolicyError: too few custodians, names twice, passphrases short or equal."""
    _check(custodians, threshold)
    provider = ring.provider
    key = Secret(provider.random(algorithms.SM4_KEY_SIZE))
    header = {
        "format": BUNDLE,
        "id": provider.random(8).hex(),
        "at": now.isoformat(timespec="seconds"),
        "threshold": threshold,
        "custodians": [one.name for one in custodians],
        "root": ring.root.describe(),
    }
    roots = ring.root.reveal() if isinstance(ring.root, FileRoot) else {}
    content = {
        "records": [record.as_dict() for record in ring.listing()],
        "manifest": ring.store.get_manifest(),
        "root": {str(version): secret.reveal().hex() for version, secret in roots.items()},
    }
    sealed = provider.encrypt(SymmetricKey(key), canonical(content), aad=canonical(header)).value
    shares = sharing.split(key, threshold, len(custodians), provider.random)
    return Backup(
        header["id"],
        canonical({**header, "sealed": sealed.hex()}) + b"\n",
        {one.name: _share(provider, header["id"], one, share, iterations) for one, share in zip(custodians, shares)},
    )


def open_bundle(provider, bundle: bytes, shares: Sequence[tuple[bytes, Secret]]) -> "Opened":
    """`shares`: files with their passphrases. Raises DecryptionFailed (which of them was wrong is not said),
    EncodingError.
    """
    header, sealed = _json(bundle, BUNDLE)
    if len(shares) < header["threshold"]:
        raise PolicyError(f"{header['threshold']} custodians are needed, {len(shares)} are here")
    opened = [
        _open_share(provider, header["id"], data, passphrase) for data, passphrase in shares[: header["threshold"]]
    ]
    key = SymmetricKey(sharing.join(opened))
    content = json.loads(provider.decrypt(key, sealed, aad=canonical(header)))
    roots = {int(version): Secret(bytes.fromhex(text)) for version, text in content["root"].items()}
    return Opened(header, [KeyRecord.from_dict(one) for one in content["records"]], content["manifest"], roots)


@dataclass(frozen=True)
class Opened:
    """What a bundle held. `roots` is empty where the root key never leaves its module."""

    header: dict
    records: list[KeyRecord]
    manifest: dict
    roots: dict[int, Secret]

    def into(self, store: KeyStore) -> None:
        """Writes to an empty store only."""
        with store.locked():
            if store.records():
                raise PolicyError("the store is not empty: restoring never writes over keys")
            for record in self.records:
                store.save(record)
            store.put_manifest(self.manifest)


def _check(custodians: Sequence[Custodian], threshold: int) -> None:
    names = [one.name.strip() for one in custodians]
    if threshold < 2 or len(custodians) < threshold:
        raise PolicyError("dual control: at least two custodians, of whom at least two are needed")
    if len(set(names)) != len(names) or not all(names):
        raise PolicyError("every custodian has a name of his own")
    phrases = [one.passphrase.reveal() for one in custodians]
    if min(len(phrase) for phrase in phrases) < MIN_PASSPHRASE:
        raise PolicyError(f"a passphrase has at least {MIN_PASSPHRASE} bytes")
    if len(set(phrases)) != len(phrases):
        raise PolicyError("two custodians with the same passphrase are one custodian")


def _share(provider, bundle_id: str, custodian: Custodian, share: sharing.Share, iterations: int) -> bytes:
    header = {
        "format": SHARE,
        "bundle": bundle_id,
        "custodian": custodian.name,
        "index": share.index,
        "iterations": iterations,
        "salt": provider.random(16).hex(),
    }
    sealed = provider.encrypt(
        _passphrase_key(header, custodian.passphrase), share.value.reveal(), aad=canonical(header)
    ).value
    return canonical({**header, "sealed": sealed.hex()}) + b"\n"


def _open_share(provider, bundle_id: str, data: bytes, passphrase: Secret) -> sharing.Share:
    header, sealed = _json(data, SHARE)
    if header["bundle"] != bundle_id:
        raise DecryptionFailed("a share of another backup")
    value = provider.decrypt(_passphrase_key(header, passphrase), sealed, aad=canonical(header))
    return sharing.Share(header["index"], Secret(value))


def _passphrase_key(header: dict, passphrase: Secret) -> SymmetricKey:
    iterations = header["iterations"]
    if not 1000 <= iterations <= 10_000_000:
        raise EncodingError("the number of iterations of a share is out of bounds")
    raw = hashlib.pbkdf2_hmac(
        "sm3", passphrase.reveal(), bytes.fromhex(header["salt"]), iterations, algorithms.SM4_KEY_SIZE
    )
    return SymmetricKey(Secret(raw))


_FIELDS = {
    BUNDLE: {"id": str, "at": str, "threshold": int, "custodians": list, "root": dict, "sealed": str},
    SHARE: {"bundle": str, "custodian": str, "index": int, "iterations": int, "salt": str, "sealed": str},
}


def _json(data: bytes, kind: str) -> tuple[dict, bytes]:
    """The header of a file and what it seals."""
    try:
        found = json.loads(data)
        if found["format"] != kind or any(type(found[name]) is not wanted for name, wanted in _FIELDS[kind].items()):
            raise ValueError
        return found, bytes.fromhex(found.pop("sealed"))
    except (ValueError, KeyError, TypeError):
        raise EncodingError("not a backup bundle or share") from None

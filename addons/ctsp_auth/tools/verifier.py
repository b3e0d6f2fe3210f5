"""Password verifiers: a slow digest of the password under a key that lies outside the database.

``$<kdf>$<settings>$<salt>$<mac>`` with ``mac = HMAC-SM3(key, user, kdf, settings, salt, kdf(password, salt))``: who has
the table alone can try no password, and a verifier copied to another user's row does not fit there. The form is the
one by which ``res.users.init()`` knows that a password is digested already.

``argon2id``: RFC 9106, settings at least those of the OWASP cheat sheet. ``pbkdf2``: what Odoo had stored, wrapped
without knowing the password; replaced at the next sign-in. Pure: the MAC is a function that is handed in.
"""
import base64
import hashlib
import hmac
import json
import os
import re
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, unquote

from argon2 import low_level

ARGON, OLD = "ctsp-argon2id", "ctsp-pbkdf2"
SALT, SIZE, OLD_SIZE = 16, 32, 64
LONGEST = 4096  # bytes of a password
FLOOR = {"m": 19456, "t": 2, "p": 1}  # OWASP Password Storage Cheat Sheet: Argon2id, 19 MiB, 2 passes
CEILING = {"m": 262144, "t": 10, "p": 4, "r": 2_000_000}  # a row of the database must not be able to keep us busy
STOCK = re.compile(r"^\$pbkdf2-sha512\$(\d+)\$([^$]+)\$([^$]+)$")
PATIENCE = 8  # seconds to wait for one's turn

Mac = Callable[[bytes, str | None], tuple[bytes, str]]
"""``(message, key reference or None for the present key) → (mac, key reference)``; raises KeyError on a lost key"""

_turns = threading.BoundedSemaphore(max(2, os.cpu_count() or 2))


class Busy(Exception):
    """Too many passwords are being checked in this process."""


@dataclass(frozen=True)
class Verifier:
    """A stored verifier in its parts. ``settings``: m KiB, t passes, p lanes, or r rounds."""

    kdf: str
    settings: dict[str, int]
    key: str
    salt: bytes
    mac: bytes

    def __str__(self) -> str:
        named = sorted((self.settings | {"k": quote(self.key)}).items())
        settings = ",".join(f"{name}={value}" for name, value in named)
        return f"${self.kdf}${settings}${_write(self.salt)}${_write(self.mac)}"


def parse(text: str) -> Verifier | None:
    """Return the verifier that ``text`` is, None for anything else."""
    parts = (text or "").split("$")
    if len(parts) != 5 or parts[0] or parts[1] not in (ARGON, OLD):
        return None
    try:
        named = dict(part.split("=", 1) for part in parts[2].split(","))
        key = unquote(named.pop("k"))
        settings = {name: int(value) for name, value in named.items()}
        verifier = Verifier(parts[1], settings, key, _read(parts[3]), _read(parts[4]))
    except (ValueError, KeyError):
        return None
    names = {"m", "t", "p"} if verifier.kdf == ARGON else {"r"}
    sane = settings.keys() == names and all(0 < settings[name] <= CEILING[name] for name in names)
    return verifier if sane else None


def make(password: str, user_id: int, settings: dict[str, int], mac: Mac) -> str:
    """Return the verifier of ``password`` for that user, under the present key."""
    settings = _at_least(settings)
    salt = secrets.token_bytes(SALT)
    return _seal(ARGON, settings, salt, digest(ARGON, password, salt, settings), user_id, mac)


def wrap(stock: str, user_id: int, mac: Mac) -> str | None:
    """Return a stock PBKDF2 digest under our key, None when it is none."""
    found = STOCK.match(stock or "")
    if not found:
        return None
    salt, checksum = (base64.b64decode(_pad(part.replace(".", "+"))) for part in found.groups()[1:])
    return _seal(OLD, {"r": int(found[1])}, salt, checksum, user_id, mac)


def check(password: str, text: str, user_id: int, mac: Mac, settings: dict[str, int] | None = None) -> bool:
    """Say whether ``password`` is the one of this verifier; costs as much when there is none.

    :param settings: of a new verifier, what there is to cost
    :raise Busy: no turn within a few seconds
    """
    verifier = parse(text)
    if verifier is None:
        spend(password, settings)
        return False
    result = digest(verifier.kdf, password, verifier.salt, verifier.settings)
    message = _message(verifier.kdf, verifier.settings, verifier.salt, result, user_id)
    try:
        expected, _key = mac(message, verifier.key)
    except KeyError:
        return False
    return hmac.compare_digest(expected, verifier.mac)


def outdated(text: str, settings: dict[str, int], key: str) -> bool:
    """Say whether the verifier is of another kind, weaker or under an older key than a new one would be."""
    verifier = parse(text)
    if verifier is None or verifier.kdf != ARGON or verifier.key != key:
        return True
    return any(verifier.settings[name] < max(int(settings.get(name, 0)), floor) for name, floor in FLOOR.items())


def spend(password: str, settings: dict[str, int] | None = None) -> None:
    """Do the work of a check for nobody, so that the time of an answer does not say whether an account exists.

    :raise Busy: no turn within a few seconds
    """
    digest(ARGON, password, bytes(SALT), _at_least(settings or {}))


def digest(kdf: str, password: str, salt: bytes, settings: dict[str, int]) -> bytes:
    """The slow part; as many at once as there are cores. Memory: ``m`` KiB each."""
    secret = password.encode()[:LONGEST]
    if not _turns.acquire(timeout=PATIENCE):
        raise Busy
    try:
        if kdf == OLD:
            return hashlib.pbkdf2_hmac("sha512", secret, salt, settings["r"], OLD_SIZE)
        return low_level.hash_secret_raw(
            secret, salt, settings["t"], settings["m"], settings["p"], SIZE, low_level.Type.ID)
    finally:
        _turns.release()


def _at_least(settings: dict[str, int]) -> dict[str, int]:
    return {name: max(int(settings.get(name, 0)), floor) for name, floor in FLOOR.items()}


def _seal(kdf, settings, salt, result, user_id, mac) -> str:
    code, key = mac(_message(kdf, settings, salt, result, user_id), None)
    return str(Verifier(kdf, settings, key, salt, code))


def _message(kdf: str, settings: dict[str, int], salt: bytes, result: bytes, user_id: int) -> bytes:
    parts = ["ctsp.auth.password", 1, int(user_id), kdf, sorted(settings.items()), salt.hex(), result.hex()]
    return json.dumps(parts, separators=(",", ":")).encode()


def _write(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _read(text: str) -> bytes:
    return base64.b64decode(_pad(text), altchars=b"-_", validate=True)


def _pad(text: str) -> str:
    return text + "=" * (-len(text) % 4)

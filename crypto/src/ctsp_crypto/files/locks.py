"""How the content key of an encrypted file is protected: by a passphrase, by a key, or for SM2 public keys."""

import hashlib
from collections.abc import Callable, Sequence

from .. import algorithms
from ..errors import DecryptionFailed, EncodingError
from ..material import PrivateKey, PublicKey, SymmetricKey
from ..secret import Secret

Lock = Callable[[Secret], dict]
Unlock = Callable[[dict], Secret]

ITERATIONS = 300_000
PASSPHRASE, KEY, SM2 = "passphrase", "key", "sm2"


def with_passphrase(provider, passphrase: Secret, iterations: int = ITERATIONS) -> Lock:
    """PBKDF2-HMAC-SM3, then SM4-GCM."""

    def lock(secret: Secret) -> dict:
        salt = provider.random(16)
        wrapped = provider.encrypt(_stretched(passphrase, salt, iterations), secret.reveal(), aad=b"ctsp-file").value
        return {"kind": PASSPHRASE, "salt": salt.hex(), "iterations": iterations, "wrapped": wrapped.hex()}

    return lock


def with_key(provider, key: SymmetricKey) -> Lock:
    def lock(secret: Secret) -> dict:
        return {"kind": KEY, "wrapped": provider.encrypt(key, secret.reveal(), aad=b"ctsp-file").value.hex()}

    return lock


def for_keys(provider, keys: Sequence[PublicKey]) -> Lock:
    """Any one of the holders of the private keys can open it."""

    def lock(secret: Secret) -> dict:
        return {
            "kind": SM2,
            "recipients": [
                {"key": fingerprint(key), "wrapped": provider.encrypt_to(key, secret.reveal()).value.hex()}
                for key in keys
            ],
        }

    return lock


def open_with(
    provider, *, passphrase: Secret | None = None, key: SymmetricKey | None = None, private: PrivateKey | None = None
) -> Unlock:
    """Uses what fits. Raises DecryptionFailed; EncodingError when the file needs another kind of key than was
    given.
    """

    def unlock(info: dict) -> Secret:
        try:
            if info["kind"] == PASSPHRASE and passphrase is not None:
                return _by_passphrase(provider, info, passphrase)
            if info["kind"] == KEY and key is not None:
                return Secret(provider.decrypt(key, bytes.fromhex(info["wrapped"]), aad=b"ctsp-file"))
            if info["kind"] == SM2 and private is not None:
                return _by_private_key(provider, info, private)
        except (KeyError, ValueError, TypeError):
            raise EncodingError("the header of the encrypted file is damaged") from None
        raise EncodingError(f"this file is opened with another kind of key: {info['kind']}")

    return unlock


def _by_passphrase(provider, info: dict, passphrase: Secret) -> Secret:
    if not 1000 <= info["iterations"] <= 10_000_000:
        raise ValueError
    stretched = _stretched(passphrase, bytes.fromhex(info["salt"]), info["iterations"])
    return Secret(provider.decrypt(stretched, bytes.fromhex(info["wrapped"]), aad=b"ctsp-file"))


def _by_private_key(provider, info: dict, private: PrivateKey) -> Secret:
    own = fingerprint(private.public or provider.public_key(private))
    for recipient in info["recipients"]:
        if recipient["key"] == own:
            return Secret(provider.decrypt_with(private, bytes.fromhex(recipient["wrapped"])))
    raise DecryptionFailed("this file was not encrypted for this key")


def fingerprint(key: PublicKey) -> str:
    return hashlib.new("sm3", key.point).hexdigest()[:32]


def _stretched(passphrase: Secret, salt: bytes, iterations: int) -> SymmetricKey:
    return SymmetricKey(
        Secret(hashlib.pbkdf2_hmac("sm3", passphrase.reveal(), salt, iterations, algorithms.SM4_KEY_SIZE))
    )

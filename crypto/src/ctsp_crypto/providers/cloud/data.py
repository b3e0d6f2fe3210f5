"""数据库加密服务: SM4, HMAC-SM3, SM2 encryption and random bytes with keys that stay in the cloud.

A ciphertext that cannot be read again is lost data, and plaintexts in the wrong order are somebody else's data. So
(`read_back`) what was encrypted is decrypted once and compared, and what was decrypted is encrypted again under its own
nonce and compared: one call more per batch. MACs carry a canary whose value must stay the same.
"""
import hmac
import secrets
from collections.abc import Sequence

from ... import algorithms
from ...encodings import ciphertexts
from ...errors import (
    DecryptionFailed,
    EncodingError,
    PolicyError,
    ProviderRefused,
    VerificationFailed,
)
from ...material import KeyHandle, PublicKey
from ...results import Encrypted, Mac
from .. import base
from ..standard import StandardProvider, symmetric
from . import wire
from .keys import PublicKeys, check_reference, reference
from .transport import Transport

CANARY = b"ctsp canary"
_TAG = {algorithms.SM4_GCM: algorithms.GCM_TAG_SIZE, algorithms.SM4_CTR: 0}


class DataService:
    """Cipher, Macer, PublicKeyCipher, RandomSource."""

    name: str
    _data: Transport
    _keys: PublicKeys
    _local: StandardProvider
    _read_back: bool
    _canaries: dict

    # Cipher
    def encrypt(
        self, key: KeyHandle, plaintext: bytes, *, aad: bytes = b"", algorithm: str = algorithms.SM4_GCM,
        iv: bytes | None = None,
    ) -> Encrypted:
        symmetric.check_form(algorithm, aad, iv)
        return self._encrypt(key, [(plaintext, aad, iv)], algorithm)[0]

    def encrypt_many(
        self, key: KeyHandle, items: Sequence[tuple[bytes, bytes]], *, algorithm: str = algorithms.SM4_GCM
    ) -> list[Encrypted]:
        for _plaintext, aad in items:
            symmetric.check_form(algorithm, aad)
        return self._encrypt(key, [(plaintext, aad, None) for plaintext, aad in items], algorithm)

    def decrypt(
        self, key: KeyHandle, value: bytes, *, aad: bytes = b"", algorithm: str = algorithms.SM4_GCM
    ) -> bytes:
        return self.decrypt_many(key, ((value, aad),), algorithm=algorithm)[0]

    def decrypt_many(
        self, key: KeyHandle, items: Sequence[tuple[bytes, bytes]], *, algorithm: str = algorithms.SM4_GCM
    ) -> list[bytes]:
        for value, aad in items:
            symmetric.check_form(algorithm, aad)
            if len(value) < symmetric.iv_size(algorithm) + _TAG.get(algorithm, 16):
                raise DecryptionFailed("the ciphertext cannot be decrypted")
        plain = self._decryptions(key, items, algorithm)
        if self._read_back:
            size = symmetric.iv_size(algorithm)
            again = self._encryptions(
                key, [(text, aad, value[:size]) for text, (value, aad) in zip(plain, items)], algorithm)
            if not all(hmac.compare_digest(made, value) for made, (value, _aad) in zip(again, items)):
                raise ProviderRefused("the service answered with a plaintext that does not belong to its ciphertext")
        return plain

    def _encrypt(self, key: KeyHandle, items: Sequence[tuple[bytes, bytes, bytes | None]], algorithm: str) -> list:
        values = self._encryptions(key, items, algorithm)
        size = symmetric.iv_size(algorithm)
        drawn = [value[:size] for value, item in zip(values, items) if item[2] is None]
        if len(set(drawn)) != len(drawn):
            raise ProviderRefused("the service used a nonce twice")
        if self._read_back:
            self._check_readable(key, items, values, algorithm)
        return [Encrypted(value, algorithm, self.name, key.key_id, key.version) for value in values]

    def _check_readable(self, key: KeyHandle, items: Sequence, values: Sequence[bytes], algorithm: str) -> None:
        try:
            plain = self._decryptions(key, [(value, item[1]) for value, item in zip(values, items)], algorithm)
        except DecryptionFailed as error:
            raise ProviderRefused("the service answered with a ciphertext it cannot read itself") from error
        if plain != [item[0] for item in items]:
            raise ProviderRefused("the service answered with a ciphertext of something else")

    def _encryptions(self, key: KeyHandle, items: Sequence, algorithm: str) -> list[bytes]:
        def ask(item):
            plaintext, aad, iv = item
            asked = {"plaintext": wire.write(plaintext), "aad": wire.write(aad)}
            return asked | ({} if iv is None else {"iv": wire.write(iv)})

        values = self._ask("/v1/encryptions", key, items, ask, "value", {"algorithm": algorithm})
        for value, (plaintext, _aad, iv) in zip(values, items):
            if len(value) != _sealed_size(algorithm, len(plaintext)) or (iv is not None and value[:len(iv)] != iv):
                raise ProviderRefused("the service answered with a ciphertext of another length or nonce")
        return values

    def _decryptions(self, key: KeyHandle, items: Sequence, algorithm: str) -> list[bytes]:
        def ask(item):
            return {"value": wire.write(item[0]), "aad": wire.write(item[1])}

        values = self._ask("/v1/decryptions", key, items, ask, "plaintext", {"algorithm": algorithm})
        for plaintext, (value, _aad) in zip(values, items):
            if len(value) != _sealed_size(algorithm, len(plaintext)):
                raise ProviderRefused("the service answered with a plaintext of another length")
        return values

    # Macer
    def mac(self, key: KeyHandle, message: bytes) -> Mac:
        return self.macs(key, (message,))[0]

    def macs(self, key: KeyHandle, messages: Sequence[bytes]) -> list[Mac]:
        return [Mac(value, algorithms.HMAC_SM3, self.name, key.key_id, key.version)
                for value in self._macs(key, messages)]

    def verify_mac(self, key: KeyHandle, message: bytes, mac: bytes) -> None:
        if not self.verify_macs(key, ((message, mac),))[0]:
            raise VerificationFailed("the MAC does not hold")

    def verify_macs(self, key: KeyHandle, pairs: Sequence[tuple[bytes, bytes]]) -> list[bool]:
        """Computed anew and compared here: the service is not told what we expect."""
        made = self._macs(key, [message for message, _mac in pairs])
        return [hmac.compare_digest(value, mac) for value, (_message, mac) in zip(made, pairs)]

    def _macs(self, key: KeyHandle, messages: Sequence[bytes]) -> list[bytes]:
        if not messages:
            return []

        def ask(message):
            return {"message": wire.write(message)}

        values = self._ask("/v1/macs", key, [*messages, CANARY], ask, "mac")
        if any(len(value) != algorithms.DIGEST_SIZE for value in values):
            raise ProviderRefused("the service answered with a MAC of another length")
        known = self._canaries.setdefault((key.locator, key.version), values[-1])
        if not hmac.compare_digest(known, values[-1]):
            raise ProviderRefused("the service makes another MAC than before with the same key")
        return values[:-1]

    # PublicKeyCipher
    def encrypt_to(self, key: PublicKey | KeyHandle, plaintext: bytes) -> Encrypted:
        """To a key of the cloud by the cloud, and read back. To a foreign key here: nobody could check the service."""
        base.check_plaintext(plaintext)
        if not isinstance(key, KeyHandle):
            return self._local.encrypt_to(key, plaintext)

        def ask(item):
            return {"plaintext": wire.write(item)}

        value = self._ask("/v1/envelopes", key, [plaintext], ask, "value")[0]
        try:
            ciphertexts.check(value)
            good = len(value) == ciphertexts.C2_START + len(plaintext) and (
                not self._read_back or self.decrypt_with(key, value) == plaintext)
        except (EncodingError, DecryptionFailed) as error:
            raise ProviderRefused("the service answered with something that is no ciphertext") from error
        if not good:
            raise ProviderRefused("the service answered with a ciphertext of something else")
        return Encrypted(value, algorithms.SM2_ENCRYPT, self.name, key.key_id, key.version)

    def decrypt_with(self, key: KeyHandle, value: bytes) -> bytes:
        """The one answer nothing here can check but by its length: C3 is checked in the cloud."""
        try:
            ciphertexts.check(value)
        except EncodingError as error:
            raise DecryptionFailed("the SM2 ciphertext cannot be decrypted") from error

        def ask(item):
            return {"value": wire.write(item)}

        plaintext = self._ask("/v1/envelopes/openings", key, [value], ask, "plaintext")[0]
        if len(plaintext) != len(value) - ciphertexts.C2_START:
            raise ProviderRefused("the service answered with a plaintext of another length")
        return plaintext

    # RandomSource
    def random(self, size: int) -> bytes:
        """The service's bytes mixed with our own: neither side alone decides."""
        parts = []
        for start in range(0, size, 65_536):
            count = min(65_536, size - start)
            answer = self._data.call("POST", "/v1/random", {"size": count})
            theirs, ours = wire.data(answer, "data", count), secrets.token_bytes(count)
            parts.append(bytes(left ^ right for left, right in zip(theirs, ours)))
        return b"".join(parts)

    def _ask(self, path: str, key: KeyHandle, items: Sequence, ask, name: str, more: dict | None = None) -> list[bytes]:
        """One call per batch; `ask` writes an item, `name` is what each answered item is called."""
        if not isinstance(key, KeyHandle):
            raise PolicyError("the cloud works with keys of its own, never with one handed to it")
        asked = [ask(item) for item in items]
        sizes = [sum(map(len, item.values())) for item in asked]
        values, service = [], self._data.service
        for part in wire.batches(sizes, service.batch, service.batch_bytes):
            answer = self._data.call("POST", path, reference(key) | (more or {}) | {"items": asked[part]})
            check_reference(key, answer)
            values += [wire.data(item, name) for item in wire.items(answer, len(asked[part]))]
        return values


def _sealed_size(algorithm: str, plaintext: int) -> int:
    if algorithm == algorithms.SM4_CBC:
        return 16 + plaintext + 16 - plaintext % 16
    return symmetric.iv_size(algorithm) + plaintext + _TAG[algorithm]

"""Known answers at start (GM/T 0028 §7.10 asks for them): a provider that fails one is not used at all.

What takes keys in clear is asked for the printed values of the standards. What works with handles is asked with the
keys of its probe: there and back, twice the same, and refusing what was changed.
"""
from collections.abc import Callable
from dataclasses import dataclass

from .. import ports
from ..errors import CryptoError, DecryptionFailed, ProviderUnavailable, VerificationFailed
from ..material import PublicKey, SecretKey, SigningKey, SymmetricKey
from ..providers import known
from ..secret import Secret

Check = Callable[[], bool]


@dataclass(frozen=True)
class Probe:
    """Keys to test with; those in clear where none is named."""

    signer: SigningKey | None = None
    cipher: SecretKey | None = None
    macer: SecretKey | None = None


def run(provider, probe: Probe | None = None) -> tuple[tuple[str, str], ...]:
    """Name of each check → "" or what is wrong. Raises `ProviderUnavailable` where nothing can be said yet."""
    return tuple((name, _outcome(check)) for name, check in checks(provider, probe or Probe()).items())


def checks(provider, probe: Probe) -> dict[str, Check]:
    """Of the ports the provider serves; a port that needs a key nobody named is left out."""
    found: dict[str, Check] = {}
    for port, make in _MAKERS.items():
        if isinstance(provider, port):
            found |= make(provider, probe)
    return found


def _outcome(check: Check) -> str:
    try:
        return "" if check() else "another answer than the standard's"
    except ProviderUnavailable:
        raise
    except CryptoError as error:
        return f"{type(error).__name__}: {error}"


def refuses(kind: type[CryptoError], use: Callable[[], object]) -> bool:
    try:
        use()
    except kind:
        return True
    return False


def _digester(provider, _probe) -> dict[str, Check]:
    return {"sm3": lambda: provider.digest(known.SM3_MESSAGE).value == known.SM3_DIGEST}


def takes_clear_keys(provider) -> bool:
    """Who makes keys in clear also takes them."""
    return isinstance(provider, ports.KeyMaker)


def _macer(provider, probe) -> dict[str, Check]:
    if probe.macer is None:
        if not takes_clear_keys(provider):
            return {}
        clear = SymmetricKey(Secret(known.MAC_KEY))
        return {"hmac": lambda: provider.mac(clear, known.MAC_MESSAGE).value == known.MAC}

    def same():
        mac = provider.mac(probe.macer, known.MAC_MESSAGE).value
        provider.verify_mac(probe.macer, known.MAC_MESSAGE, mac)
        return mac != provider.mac(probe.macer, known.MESSAGE).value

    return {"hmac": same}


def _cipher(provider, probe) -> dict[str, Check]:
    if probe.cipher is None:
        if not takes_clear_keys(provider):
            return {}
        key = SymmetricKey(Secret(known.SM4_KEY))
        return {
            "sm4": lambda: provider.encrypt(
                key, known.SM4_KEY, algorithm="SM4-CBC", iv=bytes(16)).value[16:32] == known.SM4_BLOCK,
            "sm4-gcm": lambda: provider.decrypt(key, known.GCM_VALUE, aad=known.GCM_AAD) == known.GCM_PLAINTEXT,
            "sm4-gcm refusal": lambda: refuses(DecryptionFailed, lambda: provider.decrypt(
                key, known.GCM_VALUE, aad=known.GCM_AAD[::-1])),
        }

    def there_and_back():
        value = provider.encrypt(probe.cipher, known.GCM_PLAINTEXT, aad=known.GCM_AAD).value
        return provider.decrypt(probe.cipher, value, aad=known.GCM_AAD) == known.GCM_PLAINTEXT and refuses(
            DecryptionFailed, lambda: provider.decrypt(probe.cipher, value, aad=known.GCM_AAD[::-1]))

    return {"sm4-gcm": there_and_back}


def _verifier(provider, _probe) -> dict[str, Check]:
    key = PublicKey(known.POINT)

    def accepts():
        provider.verify(key, known.MESSAGE, known.SIGNATURE)
        return True

    return {
        "sm2 verification": accepts,
        "sm2 verification refusal": lambda: refuses(
            VerificationFailed, lambda: provider.verify(key, known.MESSAGE + b".", known.SIGNATURE)),
    }


def _signer(provider, probe) -> dict[str, Check]:
    """Whatever signs, the default implementation must accept it."""
    from ..providers.standard import StandardProvider
    key = probe.signer or (known.private_key() if takes_clear_keys(provider) else None)
    if key is None:
        return {}

    def signs():
        public = provider.public_key(key)
        StandardProvider().verify(public, known.MESSAGE, provider.sign(key, known.MESSAGE).value)
        return True

    return {"sm2 signature": signs}


def _public_key_cipher(provider, _probe) -> dict[str, Check]:
    if not takes_clear_keys(provider):
        return {}
    key = known.private_key()
    return {"sm2 decryption": lambda: provider.decrypt_with(key, known.CIPHERTEXT) == known.PLAINTEXT}


def _random_source(provider, _probe) -> dict[str, Check]:
    """No proof of randomness: only that the source is not stuck."""
    return {"random": lambda: len({provider.random(16) for _ in range(8)}) == 8}


_MAKERS = {
    ports.Digester: _digester, ports.Macer: _macer, ports.Cipher: _cipher, ports.Verifier: _verifier,
    ports.Signer: _signer, ports.PublicKeyCipher: _public_key_cipher, ports.RandomSource: _random_source,
}

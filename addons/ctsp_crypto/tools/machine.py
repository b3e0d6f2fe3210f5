"""The cryptographic machinery of this process: the configured providers and the root key, opened once.

Providers are safe in a child after ``fork``. Nothing here knows a database.
"""
import fcntl
import functools
import logging
import os
from pathlib import Path

from odoo.tools import config

from ctsp_crypto import choice
from ctsp_crypto.errors import CryptoError
from ctsp_crypto.keys import FileRoot, ProviderRoot
from ctsp_crypto.material import KeyHandle, PublicKey

_logger = logging.getLogger(__name__)

#: Path of the root key's file, or ``provider:<locator>[,<locator>…]``: kept by the configured device or service.
ROOT = "CTSP_CRYPTO_ROOT"
INSIDE = "provider:"
MAKER = "key_maker"

_PORTS = {
    "encrypt": "cipher", "decrypt": "cipher", "encrypt_many": "cipher", "decrypt_many": "cipher",
    "macs": "macer", "verify_macs": "macer", "digest": "digester", "digest_stream": "digester",
    "sign": "signer", "sign_many": "signer", "sign_digest": "signer",
    "verify": "verifier", "verify_many": "verifier", "verify_digest": "verifier",
    "generate_key": "key_maker", "generate_key_pair": "key_maker", "public_key": "key_maker",
    "encrypt_to": "public_key_cipher", "decrypt_with": "public_key_cipher",
    "random": "random_source",
    "time_stamp": "time_stamper", "verify_time_stamp": "time_stamper",
    "verify_certificate": "certificate_verifier",
}
#: Ports whose methods take a secret key first: one in clear is for whoever makes such.
_KEYED = ("cipher", "macer", "signer", "public_key_cipher")


class Providers:
    """All ports of a choice behind one object: each method goes to the provider that is configured for its port."""

    name = "configured"

    def __init__(self, chosen):
        self.choice = chosen

    def __getattr__(self, name):
        if name not in _PORTS:
            raise AttributeError(name)
        port = _PORTS[name]
        return functools.partial(self._keyed, port, name) if port in _KEYED else getattr(self.choice.of(port), name)

    def _keyed(self, port, name, key, *arguments, **more):
        """Devices and services work with keys of their own alone; keys in clear stay with whoever makes such."""
        chosen = self.choice.of(port if isinstance(key, (KeyHandle, PublicKey)) else MAKER)
        return getattr(chosen, name)(key, *arguments, **more)

    def serving(self, port):
        """Return the name of the provider that is configured for a port, "" where none is: nothing is asked."""
        return self.choice.assignments().get(port, "")

    def public_half(self, handle):
        """Return the public key of a pair that stays outside: whoever signs with it knows it."""
        return self.choice.of("signer").public_key(handle)


@functools.cache
def providers():
    """Return the providers of this installation (``CTSP_CRYPTO_CONFIG``); :raise PolicyError: it is wrong."""
    return Providers(choice.load())


def start():
    """Test every provider now. One that fails is not used; what needs it fails with a message, nothing falls back."""
    try:
        states = providers().choice.start()
    except CryptoError as error:
        _logger.error("The cryptographic configuration is wrong: %s", error)
        return
    for state in states:
        if state.ready:
            _logger.info("cryptographic provider %s passed its self-test (%s)", state.provider, state.detail)
        else:
            _logger.error("cryptographic provider %s may not be used: %s", state.provider, state.detail)


def root_place():
    """Return where the root key is, as configured."""
    return os.environ.get(ROOT) or str(Path(config["data_dir"]) / "keys" / "root.json")


@functools.cache
def root():
    """Return the root key; :raise KeyMissing, PolicyError: there is none, or others could read it."""
    place = root_place()
    if not place.startswith(INSIDE):
        return FileRoot(Path(place), providers())
    locators = place.removeprefix(INSIDE).split(",")
    handles = {version: KeyHandle(locator, "root", version) for version, locator in enumerate(locators, 1)}
    return ProviderRoot(providers().choice.of("cipher"), handles)


def ensure_root():
    """Make the root key's file where there is none yet. Only for a database that has no keys: see the key store."""
    place = root_place()
    if place.startswith(INSIDE):
        return
    path = Path(place)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (path.parent / ".lock").open("w") as stream:  # two installations side by side make it once
        fcntl.flock(stream, fcntl.LOCK_EX)
        if not path.exists():
            FileRoot.create(path, providers())
            _logger.info("made a root key in %s", path)

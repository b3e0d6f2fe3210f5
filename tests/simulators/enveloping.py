"""The other side of encrypted envelopes (SM2, SM3, SM4): a simulated system with a key pair of its own."""
import importlib.util
import secrets
import time
from pathlib import Path

from ctsp_crypto.encodings import keys
from ctsp_crypto.providers.standard import StandardProvider

FILE = Path(__file__).parents[2] / "addons" / "ctsp_auth" / "tools" / "envelope.py"
MEDIA = "application/ctsp-envelope+json"


def _tool():
    """The form of an envelope is the platform's; it is a plain module."""
    spec = importlib.util.spec_from_file_location("envelope", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Envelopes:
    """:param name: what this system is called on envelopes; ``theirs``: the platform's PEM keys (sign, open)."""

    def __init__(self, name: str):
        self.name, self.tool, self.provider, self.theirs = name, _tool(), StandardProvider(), {}
        self.pair = self.provider.generate_key_pair()

    @property
    def public(self) -> str:
        return keys.write_public(self.pair.public, keys.PublicForm.PEM).decode()

    def know(self, pems: dict) -> None:
        self.theirs = {name: keys.read_public(pem.encode()) for name, pem in pems.items()}

    def seal(self, content: bytes, kind: str) -> bytes:
        head = {"from": self.name, "to": "ctsp", "kind": kind, "time": int(time.time()),
                "nonce": secrets.token_urlsafe(16)}
        return self.tool.seal(content, head, self.theirs["open"], self.provider,
                              lambda data: self.provider.sign(self.pair, data).value)

    def open(self, text: bytes) -> bytes:
        return self.tool.open_(text, self.name, self.pair, lambda _name: self.theirs["sign"], self.provider,
                               int(time.time()), 300).content

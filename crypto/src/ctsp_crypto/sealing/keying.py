"""The keys of sealing, out of the one in the key file."""

from .journal import Chainer
from .segments import Tagger


def keyed(key: bytes) -> tuple[Chainer, Tagger]:
    """Two keys of one: chains and tags never share a key (HMAC-SM3 as the derivation, the purpose as the message)."""
    master = Chainer(key)
    return Chainer(master.mac(b"ctsp-seal/chain/1")), Tagger(master.mac(b"ctsp-seal/tag/1"))

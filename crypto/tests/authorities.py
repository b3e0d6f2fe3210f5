"""The test CA, its certificates and the world they live in."""

from dataclasses import dataclass
from datetime import UTC, datetime

from ctsp_crypto.certificates import Certificate, TrustStore
from ctsp_crypto.certificates.authority import Authority, Request
from ctsp_crypto.certificates.private import SigningPair
from ctsp_crypto.providers.standard import StandardProvider

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
PERSON = [("C", "CN"), ("O", "示例药监局（示例）"), ("CN", "张三（示例）")]
PROVIDER = StandardProvider()


@dataclass
class Tree:
    """Root, intermediate and one person of a kind of key."""

    kind: str
    root: Authority
    middle: Authority
    leaf: Certificate
    pair: SigningPair

    @classmethod
    def plant(cls, kind: str = "SM2") -> "Tree":
        root = Authority.root(PROVIDER, NOW, kind)
        middle = root.intermediate()
        leaf, pair = middle.issue_with_key(Request(PERSON, crl_url="http://crl.example/1.crl"))
        return cls(kind, root, middle, leaf, pair)

    def store(self, **more) -> TrustStore:
        lists = more.pop("lists", [])
        middles = more.pop("intermediates", [self.middle.certificate])
        return TrustStore([self.root.certificate], middles, lists, provider=PROVIDER, **more)

    def problems(self, leaf=None, at=NOW, usage="sign", **more) -> list[str]:
        return [one.code for one in self.store(**more).check(leaf or self.leaf, at=at, usage=usage).problems]

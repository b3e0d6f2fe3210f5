"""What is said of a signed message after its verification."""

from dataclasses import dataclass, field
from datetime import datetime

from ..certificates import Certificate, ChainReport

PROBLEMS = {
    "content": "内容与签名时的摘要不一致",
    "signature": "签名不成立",
    "certificate": "找不到签名者证书",
    "attributes": "签名属性缺失或重复",
    "algorithm": "签名算法不符合要求",
    "chain": "签名者证书不被接受",
    "unchecked": "未核对签名者证书链",
    "stamp": "时间戳不成立",
}


@dataclass
class SignerReport:
    """One signer: who, what is wrong. `signed_at` is his own word, `stamped_at` that of a time stamp authority.
    `stamp`: "" (none), "holds", "broken", "unchecked" (nobody given who knows the authority); `stamped` is the SM3
    digest of the signature value, which a time stamp is about. `chain` is None when no trust store was given.
    """

    certificate: Certificate | None = None
    signed_at: datetime | None = None
    stamped_at: datetime | None = None
    stamp: str = ""
    authority: str = ""
    stamped: bytes = b""
    algorithm: str = ""
    problems: list[str] = field(default_factory=list)
    chain: ChainReport | None = None

    @property
    def good(self) -> bool:
        return not self.problems

    def texts(self) -> list[str]:
        found = [PROBLEMS[code] for code in self.problems]
        return found + [problem.text() for problem in (self.chain.problems if self.chain else ())]


@dataclass
class MessageReport:
    """A verified message. `content` is what was signed, where it was attached."""

    signers: list[SignerReport]
    certificates: list[Certificate]
    content: bytes | None = None

    @property
    def good(self) -> bool:
        return bool(self.signers) and all(signer.good for signer in self.signers)

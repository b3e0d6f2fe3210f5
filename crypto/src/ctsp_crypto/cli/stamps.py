"""Who attests the time of a signature in a PDF: what the page 验签 of the platform says, on the command line."""

from collections.abc import Sequence

from ..choice import time_stamp_authority
from ..errors import PolicyError, VerificationFailed
from ..material import PublicKey
from ..providers.cloud import stamps
from ..results import TimeStamp
from ..signatures.verification import STAMP_TOLERANCE
from . import context
from .arguments import Parser

HOLDS, BROKEN, MISSING, UNCHECKED, NONE = "holds", "broken", "missing", "unchecked", "none"
MISPLACED = "声明的签章时间与时间戳证明的时间不符"
LOST = "此签名应有的时间戳缺失：被剪去，或签章时未能取得（签章后补取的保存在平台，须在平台“PDF 验签”页面核验）"
UNPROVED = "时间戳未核验：用 --stamper 或 --config 给出时间戳服务机构的公钥"


class KnownAuthorities:
    """The port `TimeStamper` for whoever only reads: `known` are public keys and how their owner is called."""

    def __init__(self, known: Sequence[tuple[PublicKey, str]]):
        self._known = known

    def time_stamp(self, digest: bytes) -> TimeStamp:
        raise PolicyError("nobody is asked for time stamps here")

    def verify_time_stamp(self, digest: bytes, token: bytes) -> TimeStamp:
        for key, name in self._known:
            try:
                at = stamps.read(token, digest, [key], context.provider())
            except VerificationFailed:
                continue
            return TimeStamp(token, digest, at.isoformat(), "known", name)
        raise VerificationFailed("the time stamp was not made by an authority that is known here")


def add(parser: Parser) -> None:
    parser.add_argument(
        "--stamper",
        action="append",
        default=[],
        metavar="公钥文件",
        help="时间戳服务机构的 SM2 公钥或证书，可重复；给出则不读配置",
    )
    parser.add_argument(
        "--config", metavar="文件", help="密码服务的配置（TOML），取其中时间戳服务机构的公钥；默认取 CTSP_CRYPTO_CONFIG"
    )


def known(options) -> KnownAuthorities | None:
    """Those named by options, else the configured one; None without any: stamps are then not checked."""
    if options.stamper:
        return KnownAuthorities([(context.public_key(path), path) for path in options.stamper])
    keys, name = time_stamp_authority(options.config)
    return KnownAuthorities([(key, name or "时间戳服务机构") for key in keys]) if keys else None


def of(signature) -> dict | None:
    """What a `PdfSignature` says of its time: `state`, and `problem` where that makes it fail. None: not readable."""
    if not signature.message or not signature.message.signers:
        return None
    signer = signature.message.signers[0]
    state, at = signer.stamp or (MISSING if signature.promised else NONE), signer.stamped_at
    problem = LOST if state == MISSING else ""
    if state == HOLDS and (not signature.stated_at or abs(at - signature.stated_at) > STAMP_TOLERANCE):
        problem = MISPLACED
    return {
        "state": state,
        "time": at.isoformat() if at else "",
        "authority": signer.authority,
        "promised": bool(signature.promised),
        "problem": problem,
    }


def text(stamp: dict) -> str:
    if stamp["state"] == HOLDS:
        return f"时间由“{stamp['authority']}”的时间戳证明：{stamp['time']}"
    return {
        BROKEN: "时间戳不成立",
        MISSING: "应有的时间戳缺失",
        UNCHECKED: "有时间戳，未核验",
        NONE: "时间为签名方所称，没有时间戳",
    }[stamp["state"]]

"""selftest: known answers of the standards on this machine's libraries."""

from collections.abc import Callable

from ..errors import CryptoError, VerificationFailed
from ..material import PublicKey, SymmetricKey
from ..providers import known
from ..secret import Secret
from . import context
from .arguments import command
from .console import Console


def add(commands) -> None:
    command(commands, "selftest", run, "自检：用标准给出的示例核对本机的 SM2、SM3、SM4")


def checks(provider) -> dict[str, Callable[[], bool]]:
    """Name → whether the answer is the standard's."""
    public = PublicKey(known.POINT)
    private = known.private_key()
    sm4, mac = SymmetricKey(Secret(known.SM4_KEY)), SymmetricKey(Secret(known.MAC_KEY))

    def refuses() -> bool:
        try:
            provider.verify(public, known.MESSAGE + b"x", known.SIGNATURE)
        except VerificationFailed:
            return True
        return False

    def verifies(signature: bytes) -> bool:
        provider.verify(public, known.MESSAGE, signature)
        return True

    return {
        "SM3 摘要（GB/T 32905）": lambda: provider.digest(known.SM3_MESSAGE).value == known.SM3_DIGEST,
        "HMAC-SM3（GM/T 0042）": lambda: provider.mac(mac, known.MAC_MESSAGE).value == known.MAC,
        "SM4-GCM（RFC 8998）": lambda: provider.decrypt(sm4, known.GCM_VALUE, aad=known.GCM_AAD) == known.GCM_PLAINTEXT,
        "SM2 验签（GB/T 32918.5）": lambda: verifies(known.SIGNATURE),
        "SM2 拒绝错误签名": refuses,
        "SM2 签名后验签": lambda: verifies(provider.sign(private, known.MESSAGE).value),
        "SM2 解密（GB/T 32918.5）": lambda: provider.decrypt_with(private, known.CIPHERTEXT) == known.PLAINTEXT,
        "随机数不重复": lambda: len({provider.random(16) for _ in range(64)}) == 64,
    }


def run(_options, console: Console) -> int:
    provider = context.provider()
    results = {name: _outcome(check) for name, check in checks(provider).items()}
    health = provider.health()
    good = all(results.values())
    lines = [f"{'通过' if passed else '失败'}　{name}" for name, passed in results.items()]
    console.result(
        {"provider": provider.name, "library": health.detail, "good": good, "checks": results},
        "\n".join(
            [f"密码实现：{provider.name}（{health.detail}）", *lines, "自检通过" if good else "自检失败：不得使用"]
        ),
    )
    return 0 if good else 1


def _outcome(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except CryptoError:
        return False

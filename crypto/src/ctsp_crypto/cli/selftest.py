"""selftest: the configured providers, with known answers of the standards, and which port each one serves."""

from ..choice import load
from .arguments import command
from .console import Console

CHECKS = {
    "sm3": "SM3 摘要（GB/T 32905）",
    "hmac": "HMAC-SM3（GM/T 0042）",
    "sm4": "SM4 分组（GB/T 32907）",
    "sm4-gcm": "SM4-GCM（RFC 8998）",
    "sm4-gcm refusal": "SM4-GCM 拒绝被改动的密文",
    "sm2 verification": "SM2 验签（GB/T 32918.5）",
    "sm2 verification refusal": "SM2 拒绝错误签名",
    "sm2 signature": "SM2 签名后验签",
    "sm2 decryption": "SM2 解密（GB/T 32918.5）",
    "random": "随机数不重复",
    "signatures": "签名验签服务",
    "data": "数据库加密服务",
}
PORTS = {
    "digester": "摘要",
    "macer": "消息鉴别",
    "cipher": "加解密",
    "signer": "签名",
    "verifier": "验签",
    "public_key_cipher": "公钥加密",
    "key_agreement": "密钥协商",
    "key_maker": "密钥生成",
    "random_source": "随机数",
    "certificate_verifier": "证书验证",
    "time_stamper": "时间戳",
}
GOOD, FAILED, UNAVAILABLE = 0, 1, 3


def add(commands) -> None:
    parser = command(commands, "selftest", run, "自检：用标准给出的示例核对所配置的密码服务")
    parser.add_argument("--config", metavar="文件", help="密码服务的配置（TOML）；默认取环境变量 CTSP_CRYPTO_CONFIG")


def run(options, console: Console) -> int:
    choice = load(options.config)
    reports = choice.start()
    good = all(report.ready for report in reports)
    served = {
        report.provider: [port for port, name in choice.assignments().items() if name == report.provider]
        for report in reports
    }
    console.result(
        {
            "good": good,
            "providers": [
                {
                    "provider": report.provider,
                    "good": report.ready,
                    "detail": report.detail,
                    "ports": served[report.provider],
                    "checks": dict(report.checks),
                }
                for report in reports
            ],
        },
        "\n".join(
            [
                *(line for report in reports for line in lines(report, served[report.provider])),
                "自检通过" if good else "自检失败：不得使用",
            ]
        ),
    )
    choice.close()
    if good:
        return GOOD
    return FAILED if any(choice.state(report.provider) == "failed" for report in reports) else UNAVAILABLE


def lines(report, ports: list[str]):
    yield f"密码服务：{report.provider}（{report.detail}）"
    yield f"　　用于：{'、'.join(PORTS[port] for port in ports)}"
    for name, problem in report.checks:
        yield f"{'失败' if problem else '通过'}　{CHECKS.get(name, name)}"

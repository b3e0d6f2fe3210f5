"""seal, status, accept, and the half of verify that has no file."""

import secrets
from pathlib import Path

from ..encodings.keys import read_private
from ..errors import PolicyError
from ..keys.root import read_private_file
from ..sealing import Engine, Sealer, load
from ..sealing.clocks import readable
from ..sealing.keying import keyed
from . import context
from .arguments import Parser, command
from .console import Console

DEFAULT_CONFIG = "/etc/ctsp/seal.toml"


def add(commands) -> None:
    seal = command(commands, "seal", run_seal, "封存：为日志与访问控制文件的现状延长摘要链并签署检查点")
    config_argument(seal)
    seal.add_argument("--new-key", action="store_true", help="密钥文件不存在时先生成（首次使用）")
    status = command(commands, "status", run_status, "显示已封存的内容（不读日志）")
    config_argument(status)
    accept = command(commands, "accept", run_accept, "确认访问控制文件的变更，或日志的缺失；留下姓名与事由")
    config_argument(accept)
    accept.add_argument("name", metavar="来源", help="配置中的名称")
    accept.add_argument("--by", required=True, metavar="姓名")
    accept.add_argument("--reason", required=True, metavar="事由")


def config_argument(parser: Parser) -> None:
    parser.add_argument("--config", default=DEFAULT_CONFIG, metavar="文件", help=f"封存配置，默认 {DEFAULT_CONFIG}")


def engine(options, console: Console, new_key: bool = False) -> Engine:
    """Keys as the configuration says: HMAC key (hex, 0600), and an SM2 key for checkpoints if one is named."""
    settings = load(Path(options.config))
    if new_key and not settings.key.exists():
        context.save_secret(str(settings.key), secrets.token_bytes(32).hex().encode() + b"\n")
    key = context.symmetric_key(str(settings.key)).secret.reveal()
    sealer = None
    if settings.signing_key:
        provider = context.provider()
        private = read_private(read_private_file(settings.signing_key))
        public = context.public_key(str(settings.certificate)) if settings.certificate else provider.public_key(private)
        if provider.public_key(private).point != public.point:
            raise PolicyError("封存证书与私钥不是一对")
        sealer = Sealer(keyed(key)[0], provider, private, public)
    bars: dict[str, object] = {}

    def progress(label: str, done: int, total: int) -> None:
        if label not in bars:
            bars[label] = console.bar(label, total)
        bars[label](done)

    return Engine(settings, key, sealer, progress=progress)


def run_seal(options, console: Console) -> int:
    report = engine(options, console, options.new_key).seal()
    console.result(report.as_dict(), report.text())
    return 0 if report.passed else 1


def run_verify(options, console: Console) -> int:
    report = engine(options, console).verify()
    console.result(report.as_dict(), report.text())
    return 0 if report.passed else 1


def run_status(options, console: Console) -> int:
    rows = engine(options, console).status()
    lines = []
    for row in rows:
        if row["type"] == "log":
            when = readable(row["sealed_at"]) if row["sealed_at"] else "尚未封存"
            lines.append(
                f"{row['source']}：{row['lines']} 行，{row['bytes'] / 1e6:.1f} MB，{row['streams']} 个日志文件，{when}"
            )
        else:
            lines.append(f"{row['source']}：登记 {row['files']} 个文件")
    console.result(rows, "\n".join(lines))
    return 0


def run_accept(options, console: Console) -> int:
    count = engine(options, console).accept(options.name, options.by, options.reason)
    console.result(
        {"source": options.name, "accepted": count}, f"已确认 {count} 项变更" if count else "没有需要确认的变更"
    )
    return 0

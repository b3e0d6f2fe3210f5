"""keys: listing, and ceremonies on a key store in files."""

from pathlib import Path

from ..keys import SM4, Ceremonies, FileRoot, FileStore, Keyring, ProviderRoot, restore
from ..keys.backup import Custodian
from ..keys.protocol import text as protocol_text
from ..keys.records import SIZES, STATES
from ..keys.root import read_private_file
from ..material import KeyHandle
from ..secret import Secret
from . import context
from .arguments import Parser, command, groups
from .console import Console

INSIDE = "provider:"


def add(commands) -> None:
    keys = groups(commands.add_parser("keys", help="密钥管理：清单与密钥仪式", description="密钥管理：清单与密钥仪式"))
    listing = command(keys, "list", run_list, "列出密钥（不含密钥本身）")
    _places(listing)
    title = "密钥仪式：创建、核验、备份、恢复、轮换、销毁；每次都留下书面记录"
    ceremony = groups(keys.add_parser("ceremony", help=title, description=title), "仪式")
    create = _ceremony(ceremony, "create", run_create, "创建根密钥、密钥库与域密钥")
    create.add_argument("--domain", action="append", default=[], metavar="域", help="域密钥名称，可重复")
    key = _ceremony(ceremony, "add", run_add, "新建域密钥或数据密钥")
    key.add_argument("--domain", required=True, metavar="域")
    key.add_argument("--purpose", metavar="用途", help="数据密钥的用途；不给则新建域密钥")
    key.add_argument(
        "--algorithm", choices=sorted(SIZES), default=SM4, metavar="算法", help="SM4（默认）、HMAC-SM3、SM2"
    )
    _ceremony(ceremony, "verify", run_verify, "核验全部密钥与记录")
    _add_backup(ceremony)
    rotate = _ceremony(ceremony, "rotate", run_rotate, "轮换密钥；域密钥与根密钥轮换后自动重新加密其下级")
    rotate.add_argument("key", metavar="密钥", help="root、domain/名称、data/用途")
    rotate.add_argument("--reason", required=True, metavar="事由")
    destroy = _ceremony(ceremony, "destroy", run_destroy, "销毁密钥的一个旧版本（须有见证人）")
    destroy.add_argument("key", metavar="密钥")
    destroy.add_argument("--version", type=int, required=True, metavar="版本")
    destroy.add_argument("--reason", required=True, metavar="事由")
    log = command(ceremony, "log", run_log, "显示并核对仪式记录")
    _places(log)


def _add_backup(ceremony) -> None:
    backup = _ceremony(ceremony, "backup", run_backup, "备份，并把恢复所需的密钥分给保管人（双人控制）")
    backup.add_argument(
        "--custodian", action="append", required=True, metavar="姓名=口令文件", help="每位保管人一次，口令文件权限 0600"
    )
    backup.add_argument("--threshold", type=int, default=2, metavar="人数", help="恢复时须到场的人数，默认 2")
    backup.add_argument(
        "-o", "--output", required=True, metavar="目录", help="备份文件与密钥分量；分量须分别交给保管人"
    )
    back = _ceremony(ceremony, "restore", run_restore, "从备份恢复到空的密钥库")
    back.add_argument("--bundle", required=True, metavar="备份文件")
    back.add_argument("--share", action="append", required=True, metavar="分量文件=口令文件")


def _places(parser: Parser) -> None:
    parser.add_argument("--store", required=True, metavar="目录", help="密钥库（只存加密后的密钥）")
    parser.add_argument(
        "--root",
        required=True,
        metavar="文件",
        help="根密钥文件（权限 0600，与密钥库分开存放）；或 provider:定位[,定位…]，"
        "由 CTSP_CRYPTO_CONFIG 所配置的密码设备或密码服务保管，按版本先后列出",
    )
    parser.add_argument("--protocol", metavar="文件", help="仪式记录，默认为“密钥库/ceremony.jsonl”")


def _ceremony(parent, name: str, run, help_text: str) -> Parser:
    parser = command(parent, name, run, help_text)
    _places(parser)
    parser.add_argument("--operator", required=True, metavar="姓名", help="操作人")
    parser.add_argument("--witness", action="append", default=[], metavar="姓名", help="见证人，可重复")
    return parser


def _root(options):
    """A file, or handles in the configured provider."""
    if not options.root.startswith(INSIDE):
        return FileRoot(Path(options.root), context.provider())
    from ..choice import load

    locators = options.root.removeprefix(INSIDE).split(",")
    return ProviderRoot(load().of("cipher"), {at: KeyHandle(one, "root", at) for at, one in enumerate(locators, 1)})


def _ring(options) -> Keyring:
    return Keyring(_root(options), FileStore(Path(options.store)), context.provider())


def _protocol(options) -> Path:
    return Path(options.protocol) if options.protocol else Path(options.store) / "ceremony.jsonl"


def _ceremonies(options, ring: Keyring | None = None) -> Ceremonies:
    return Ceremonies(ring or _ring(options), _protocol(options), [options.operator, *options.witness])


def _show(entry: dict, console: Console) -> int:
    console.result(entry, protocol_text(entry))
    return 0


def run_list(options, console: Console) -> int:
    rows = [
        {
            "id": one.id,
            "version": one.version,
            "algorithm": one.algorithm,
            "state": one.state,
            "check": one.check,
            "parent": f"{one.parent}#{one.parent_version}",
            "created_at": one.created_at,
            "note": one.note,
        }
        for one in _ring(options).listing()
    ]
    lines = [
        f"{row['id']:<32} 第 {row['version']} 版　{row['algorithm']:<9} {STATES[row['state']]}　校验值 {row['check']}　"
        f"{row['note']}".rstrip("　 ")
        for row in rows
    ]
    console.result(rows, "\n".join(lines))
    return 0


def run_create(options, console: Console) -> int:
    provider = context.provider()
    inside = options.root.startswith(INSIDE)
    root = _root(options) if inside else FileRoot.create(Path(options.root), provider)
    ring = Keyring(root, FileStore(Path(options.store)), provider)
    return _show(_ceremonies(options, ring).create(options.domain), console)


def run_add(options, console: Console) -> int:
    found = _ceremonies(options)
    if options.purpose:
        return _show(found.create_key(options.purpose, options.domain, options.algorithm), console)
    return _show(found.create_domain(options.domain), console)


def run_verify(options, console: Console) -> int:
    return _show(_ceremonies(options).verify(), console)


def run_rotate(options, console: Console) -> int:
    found = _ceremonies(options)
    if options.key == "root":
        return _show(found.rotate_root(options.reason), console)
    return _show(found.rotate(options.key, options.reason), console)


def run_destroy(options, console: Console) -> int:
    return _show(_ceremonies(options).destroy(options.key, options.version, options.reason), console)


def run_log(options, console: Console) -> int:
    from ..keys.protocol import Protocol

    entries = Protocol(_protocol(options), _ring(options).integrity).entries()
    console.result(entries, "\n".join(protocol_text(entry) for entry in entries))
    return 0


def _secret(path: str) -> Secret:
    return Secret(read_private_file(Path(path)).strip())


def run_backup(options, console: Console) -> int:
    custodians = [Custodian(name, _secret(path)) for name, path in (_two(text) for text in options.custodian)]
    folder = Path(options.output)
    made, entry = _ceremonies(options).backup(custodians, options.threshold)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    context.save_secret(str(folder / f"{made.id}.bundle"), made.bundle)
    for number, (_name, share) in enumerate(made.shares.items(), 1):
        context.save_secret(str(folder / f"{made.id}.share{number}"), share)
    return _show(entry, console)


def run_restore(options, console: Console) -> int:
    shares = [(Path(path).read_bytes(), _secret(phrase)) for path, phrase in (_two(text) for text in options.share)]
    _restored, entry = restore(
        Path(options.bundle).read_bytes(),
        shares,
        FileStore(Path(options.store)),
        Path(options.root),
        context.provider(),
        _protocol(options),
        [options.operator, *options.witness],
        root=_root(options) if options.root.startswith(INSIDE) else None,
    )
    return _show(entry, console)


def _two(text: str) -> tuple[str, str]:
    from ..errors import EncodingError

    first, sign, second = text.rpartition("=")
    if not sign or not first or not second:
        raise EncodingError(f"“{text}”应写作 甲=乙")
    return first, second

"""cert show / check / chain / pair, crl, csr."""

from pathlib import Path

from ..certificates import Certificate, RevocationList, TrustStore, check_pair, oids, profile, read_many, summary, usage
from ..certificates.authority import armor, request_for
from ..certificates.csr import Request
from ..certificates.names import parse
from ..certificates.private import SigningPair
from ..errors import EncodingError
from . import context
from .arguments import command, groups
from .console import Console, plain


def add(commands) -> None:
    cert = groups(
        commands.add_parser("cert", help="证书：查看、规范检查、证书链", description="证书：查看、规范检查、证书链")
    )
    show = command(cert, "show", run_show, "显示证书内容")
    show.add_argument("files", nargs="+", metavar="证书")
    check = command(cert, "check", run_check, "按 GM/T 0015 逐项检查证书")
    check.add_argument("file", metavar="证书")
    check.add_argument("--at", metavar="时间", help="以此时间判断有效期，默认现在")
    chain = command(cert, "chain", run_chain, "校验证书链、有效期、用法与吊销状态")
    chain.add_argument("file", metavar="证书", help="可含中级证书")
    chain.add_argument("--root", action="append", required=True, metavar="根证书")
    chain.add_argument("--intermediate", action="append", default=[], metavar="中级证书")
    chain.add_argument("--crl", action="append", default=[], metavar="吊销列表")
    chain.add_argument("--require-crl", action="store_true", help="没有有效的吊销列表即不通过")
    chain.add_argument(
        "--usage",
        default="sign",
        choices=sorted(usage.PURPOSES),
        metavar="用途",
        help="、".join(f"{name}（{one.label}）" for name, one in usage.PURPOSES.items()),
    )
    chain.add_argument("--at", metavar="时间")
    chain.add_argument("--id", metavar="标识", help="签发者标识，默认 1234567812345678")
    pair = command(cert, "pair", run_pair, "检查签名证书与加密证书是否为一对双证书")
    pair.add_argument("signature", metavar="签名证书")
    pair.add_argument("encryption", metavar="加密证书")
    _add_lists(commands)
    _add_requests(commands)


def _add_lists(commands) -> None:
    crl = command(commands, "crl", run_crl, "显示证书吊销列表，可同时核对签名")
    crl.add_argument("file", metavar="吊销列表")
    crl.add_argument("--issuer", metavar="CA 证书", help="核对列表的签名")
    crl.add_argument("--serial", metavar="序列号", help="只查这一张证书（十六进制）")


def _add_requests(commands) -> None:
    csr = groups(commands.add_parser("csr", help="证书请求：查看、生成", description="证书请求：查看、生成"))
    read = command(csr, "show", run_request, "显示证书请求并核对其签名")
    read.add_argument("file", metavar="请求")
    new = command(csr, "new", run_new_request, "用 SM2 私钥生成证书请求")
    new.add_argument("--key", required=True, metavar="私钥文件")
    new.add_argument("--subject", required=True, metavar="名称", help="如 C=CN,O=某单位,CN=张三")
    new.add_argument("--passphrase-file", metavar="文件", help="私钥口令所在文件")
    new.add_argument("-o", "--output", required=True, metavar="文件")
    new.add_argument("--force", action="store_true", help="覆盖已有文件")


def load(path: str) -> Certificate:
    return Certificate(Path(path).read_bytes())


def load_all(paths) -> list[Certificate]:
    return [certificate for path in paths for certificate in read_many(Path(path).read_bytes())]


def run_show(options, console: Console) -> int:
    found = [summary.describe(certificate, context.now()) for certificate in load_all(options.files)]
    console.result(found, "\n\n".join(plain(one) for one in found))
    return 0


def run_check(options, console: Console) -> int:
    results = profile.check(load(options.file), context.moment(options.at))
    good = profile.conforms(results)
    console.result(
        {"conforms": good, "rules": profile.as_rows(results)},
        profile.text(results) + f"\n结论：{'符合' if good else '不符合'} GM/T 0015",
    )
    return 0 if good else 1


def run_chain(options, console: Console) -> int:
    leaf, *more = read_many(Path(options.file).read_bytes())
    store = TrustStore(
        load_all(options.root),
        [*more, *load_all(options.intermediate)],
        [RevocationList(Path(path).read_bytes()) for path in options.crl],
        provider=context.provider(),
        require_crl=options.require_crl,
        user_id=context.user_id(options),
    )
    report = store.check(leaf, at=context.moment(options.at), usage=options.usage)
    path = [certificate.subject_text for certificate in report.path]
    problems = [problem.text() for problem in report.problems]
    text = "\n".join(f"{'  ' * depth}{name}" for depth, name in enumerate(path))
    text += "\n" + ("证书链有效" if report.good else "\n".join(f"✗ {problem}" for problem in problems))
    console.result(
        {
            "good": report.good,
            "path": path,
            "problems": [
                {"code": one.code, "certificate": one.certificate, "text": one.text()} for one in report.problems
            ],
        },
        text,
    )
    return 0 if report.good else 1


def run_pair(options, console: Console) -> int:
    problems = check_pair(load(options.signature), load(options.encryption))
    console.result({"good": not problems, "problems": problems}, "\n".join(problems) or "是一对双证书")
    return 1 if problems else 0


def run_crl(options, console: Console) -> int:
    found = RevocationList(Path(options.file).read_bytes())
    if options.issuer:
        found.check_issuer(load(options.issuer), context.provider())
    entries = sorted(found.revoked.values(), key=lambda entry: entry.at)
    if options.serial:
        try:
            wanted = int(options.serial.replace(":", ""), 16)
        except ValueError:
            raise EncodingError(f"序列号 {options.serial} 应为十六进制") from None
        entries = [entry for entry in entries if entry.serial == wanted]
    data = {
        "颁发者": found.issuer_text,
        "本次更新": f"{found.this_update:%Y-%m-%d %H:%M:%S}",
        "下次更新": f"{found.next_update:%Y-%m-%d %H:%M:%S}" if found.next_update else "未说明",
        "状态": "有效" if found.is_current(context.now()) else "不在有效期内",
        "签名": "成立" if options.issuer else "未核对（用 --issuer 给出 CA 证书）",
        "吊销": [f"{entry.serial:X} {entry.at:%Y-%m-%d} {entry.reason_text}" for entry in entries],
    }
    console.result(data)
    return 0


def run_request(options, console: Console) -> int:
    found = Request(Path(options.file).read_bytes())
    found.check(context.provider())
    console.result({**found.summary(), "签名": "成立"})
    return 0


def run_new_request(options, console: Console) -> int:
    provider = context.provider()
    key = context.private_key(options.key, options)
    pair = SigningPair("SM2", key, (key.public or provider.public_key(key)).point)
    der = request_for(pair, subject(options.subject), provider)
    context.save(options.output, armor("CERTIFICATE REQUEST", der), options.force)
    console.result({"file": options.output}, f"证书请求已写入：{options.output}")
    return 0


def subject(text: str) -> list[tuple[str, str]]:
    try:
        return parse(text)
    except ValueError as error:
        known = "、".join(sorted(set(oids.ATTRIBUTES.values())))
        raise EncodingError(f"名称中的“{error}”无法识别，应写作 C=CN,O=单位,CN=姓名（可用 {known}）") from None

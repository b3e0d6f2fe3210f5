"""pdf sign / verify, cms sign / verify."""

from pathlib import Path

from ..certificates import RevocationList, TrustStore
from ..errors import EncodingError, PolicyError
from ..signatures import Digests, Identity, MessageReport, sign_digest, verify
from . import context, stamps
from .arguments import Parser, command, groups
from .certificates import load, load_all
from .console import Console

CHUNK = 1 << 20
VERDICTS = """退出码：0 签名与时间戳全部成立；1 没有签名，或有签名、时间戳不成立，或应有的时间戳缺失；
3 签名成立，但有时间戳未能核验（没有给出时间戳服务机构的公钥）。"""
CODES = {"good": 0, "bad": 1, "none": 1, "open": 3}


def add(commands) -> None:
    pdf = groups(commands.add_parser("pdf", help="PDF 签名与验签", description="PDF 签名与验签（SM2、SM3，增量更新）"))
    sign = command(pdf, "sign", run_sign, "给 PDF 加签名（不可见，原文件内容不变）")
    _identity(sign)
    sign.add_argument("--reason", default="", metavar="事由", help="如：签发检查报告")
    sign.add_argument("--location", default="", metavar="地点")
    check = command(pdf, "verify", run_verify, "核对 PDF 的全部签名与时间戳，并指出签名之后的修改", epilog=VERDICTS)
    check.add_argument("file", metavar="文件")
    _trust(check)
    stamps.add(check)
    cms = groups(
        commands.add_parser(
            "cms", help="签名消息（GM/T 0010）：签名与验签", description="签名消息（GM/T 0010）：签名与验签"
        )
    )
    sign = command(cms, "sign", run_cms_sign, "对文件做带证书与时间的签名，写成 CMS")
    _identity(sign)
    sign.add_argument("--attached", action="store_true", help="签名中包含原文，默认不含")
    check = command(cms, "verify", run_cms_verify, "核对 CMS 签名")
    check.add_argument("file", metavar="签名文件")
    check.add_argument("--content", metavar="原文", help="签名中不含原文时给出")
    check.add_argument("--save", metavar="文件", help="核对通过后写出签名中的原文")
    _trust(check)


def _identity(parser: Parser) -> None:
    parser.add_argument("file", metavar="文件")
    parser.add_argument("--key", required=True, metavar="私钥文件")
    parser.add_argument("--cert", required=True, metavar="证书")
    parser.add_argument("--chain", action="append", default=[], metavar="中级证书", help="随签名附上，可重复")
    parser.add_argument("--pkcs7", action="store_true", help="用 PKCS#7 的内容类型标识，默认用 GM/T 0010 的")
    parser.add_argument("--passphrase-file", metavar="文件", help="私钥口令所在文件")
    parser.add_argument("-o", "--output", required=True, metavar="输出文件")
    parser.add_argument("--force", action="store_true", help="覆盖已有的输出文件")


def _trust(parser: Parser) -> None:
    parser.add_argument(
        "--root", action="append", default=[], metavar="根证书", help="不给则不核对证书链，结论为未通过"
    )
    parser.add_argument("--intermediate", action="append", default=[], metavar="中级证书")
    parser.add_argument("--crl", action="append", default=[], metavar="吊销列表")
    parser.add_argument("--at", metavar="时间", help="以此时间判断证书，默认为签名声明的时间")
    parser.add_argument("--id", metavar="标识", help="签名者标识，默认 1234567812345678")


def identity(options) -> Identity:
    provider = context.provider()
    key, certificate = context.private_key(options.key, options), load(options.cert)
    if provider.public_key(key).point != certificate.key.sm2.point:
        raise PolicyError("证书与私钥不是一对")
    return Identity(key, certificate, load_all(options.chain))


def store(options) -> TrustStore | None:
    if not options.root:
        return None
    lists = [RevocationList(Path(path).read_bytes()) for path in options.crl]
    return TrustStore(
        load_all(options.root),
        load_all(options.intermediate),
        lists,
        provider=context.provider(),
        user_id=context.user_id(options),
    )


def run_sign(options, console: Console) -> int:
    from ..signatures.pdf import Statement, sign_pdf

    statement = Statement(options.reason, options.location)
    content = sign_pdf(
        Path(options.file).read_bytes(),
        identity(options),
        context.provider(),
        context.now(),
        statement,
        gm=not options.pkcs7,
    )
    context.save(options.output, content, options.force)
    console.result({"file": options.output}, f"已签名：{options.output}")
    return 0


def run_verify(options, console: Console) -> int:
    from ..signatures.pdf_verification import verify_pdf

    report = verify_pdf(
        Path(options.file).read_bytes(),
        context.provider(),
        store(options),
        _at(options),
        stamper=stamps.known(options),
    )
    rows = [_row(one) for one in report.signatures]
    lines = [_line(number, row) for number, row in enumerate(rows, 1)] or ["文档没有签名"]
    outcome = _outcome(rows)
    console.result({"good": outcome == "good", "state": outcome, "signatures": rows}, "\n".join(lines))
    return CODES[outcome]


def _row(one) -> dict:
    stamp = stamps.of(one)
    problem = stamp["problem"] if stamp else ""
    return {
        **_signers(one.message)[0],
        "good": one.good and not problem,
        "reason": one.reason,
        "covers_whole_file": one.whole,
        "stamp": stamp,
        "problems": [*one.texts(), *([problem] if problem else [])],
    }


def _outcome(rows: list[dict]) -> str:
    """In the words of the platform's page 验签."""
    if not rows:
        return "none"
    if not all(row["good"] for row in rows):
        return "bad"
    return "open" if any(row["stamp"] and row["stamp"]["state"] == stamps.UNCHECKED for row in rows) else "good"


def _line(number: int, row: dict) -> str:
    scope = "覆盖整个文件" if row["covers_whole_file"] else "其后有增量更新"
    parts = (row["signer"] or "签名者未知", row["signed_at"] or "时间未知", row.get("reason") or "无事由", scope)
    text = f"签名 {number}：{'，'.join(parts)}："
    lines = [text + ("成立" if row["good"] else "不成立"), *(f"  ✗ {problem}" for problem in row["problems"])]
    if stamp := row.get("stamp"):
        lines.append(f"  {stamps.text(stamp)}")
        lines += [f"  ？ {stamps.UNPROVED}"] * (stamp["state"] == stamps.UNCHECKED)
    return "\n".join(lines)


def _signers(message: MessageReport | None) -> list[dict]:
    if message is None or not message.signers:
        return [{"signer": "", "serial": "", "signed_at": "", "good": False, "problems": []}]
    return [
        {
            "signer": one.certificate.subject_text if one.certificate else "",
            "serial": one.certificate.serial_text if one.certificate else "",
            "signed_at": one.signed_at.isoformat() if one.signed_at else "",
            "good": one.good,
            "problems": one.texts(),
        }
        for one in message.signers
    ]


def _at(options):
    return context.moment(options.at) if options.at else None


def _chunks(stream, bar):
    done = 0
    while chunk := stream.read(CHUNK):
        yield chunk
        done += len(chunk)
        bar(done)


def run_cms_sign(options, console: Console) -> int:
    provider = context.provider()
    content = None
    with context.source(options.file) as (stream, size), console.bar("SM3", size) as bar:
        if options.attached:
            content = stream.read()
            digest = provider.digest(content).value
        else:
            digest = provider.digest_stream(_chunks(stream, bar)).value
    message = sign_digest(digest, identity(options), provider, context.now(), content=content, gm=not options.pkcs7)
    context.save(options.output, message, options.force)
    console.result({"file": options.output}, f"签名已写入：{options.output}")
    return 0


def run_cms_verify(options, console: Console) -> int:
    message, sums = Path(options.file).read_bytes(), None
    if options.content:
        with context.source(options.content) as (stream, size), console.bar("SM3", size) as bar:
            sums = Digests.of(_chunks(stream, bar))
    report = verify(
        message,
        context.provider(),
        digests=sums,
        trust=store(options),
        at=_at(options),
        user_id=context.user_id(options),
    )
    rows = _signers(report)
    lines = [_line(number, {**row, "covers_whole_file": True}) for number, row in enumerate(rows, 1)]
    console.result({"good": report.good, "signers": rows}, "\n".join(lines))
    if report.good and options.save:
        if report.content is None:
            raise EncodingError("签名中不含原文")
        context.save(options.save, report.content)
    return 0 if report.good else 1

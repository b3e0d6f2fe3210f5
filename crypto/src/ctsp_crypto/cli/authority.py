"""ca: the small test CA in a folder. For development only."""

import json
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives import serialization

from ..certificates import Certificate, oids
from ..certificates.authority import WARNING, Authority, Request, armor, ca_name
from ..certificates.csr import Request as CertificateRequest
from ..certificates.private import KINDS, SigningPair, make_pair
from ..encodings.keys import PrivateForm, read_private, write_private
from ..errors import EncodingError, KeyMissing
from ..keys.root import read_private_file
from . import context
from .arguments import command, groups
from .certificates import subject
from .console import Console

SIGNATURE = ("digital_signature", "non_repudiation")
ENCRYPTION = ("key_encipherment", "data_encipherment", "key_agreement")
PROFILES = {
    "sign": Request([], SIGNATURE),
    "encrypt": Request([], ENCRYPTION),
    "login": Request([], ("digital_signature",), (oids.CLIENT_AUTH,)),
    "server": Request([], ("digital_signature", "key_agreement"), (oids.SERVER_AUTH,)),
}


def add(commands) -> None:
    title = f"测试 CA（{WARNING}）"
    ca = groups(commands.add_parser("ca", help=title, description=title))
    new = command(ca, "init", run_init, f"新建根 CA 与中级 CA（{WARNING}）")
    _folder(new)
    new.add_argument("--kind", choices=KINDS, default="SM2", metavar="算法", help="SM2（默认）、RSA、ECDSA")
    new.add_argument("--name", default="测试", metavar="名称")
    issue = command(ca, "issue", run_issue, "签发证书：自带密钥，或按证书请求")
    _folder(issue)
    issue.add_argument("--subject", metavar="名称", help="如 C=CN,O=某单位,CN=张三")
    issue.add_argument("--csr", metavar="请求", help="按证书请求签发，不生成私钥")
    issue.add_argument(
        "--profile", choices=sorted(PROFILES), default="sign", metavar="用途", help="sign、encrypt、login、server"
    )
    issue.add_argument("--days", type=int, default=365, metavar="天数")
    issue.add_argument("--not-before", metavar="时间", help="生效时间，可在过去（制作过期证书）")
    issue.add_argument("--dns", action="append", default=[], metavar="域名")
    issue.add_argument("--crl-url", default="", metavar="地址")
    issue.add_argument("-o", "--output", required=True, metavar="文件名", help="写 文件名.pem 与 文件名.key")
    revoke = command(ca, "revoke", run_revoke, "吊销证书并签发新的吊销列表")
    _folder(revoke)
    revoke.add_argument("certificate", metavar="证书")
    revoke.add_argument(
        "--reason",
        default="key_compromise",
        choices=sorted(set(oids.REASONS) - {"remove_from_crl"}),
        metavar="原因",
        help="、".join(f"{name}（{text}）" for name, text in oids.REASONS.items() if name != "remove_from_crl"),
    )
    crl = command(ca, "crl", run_crl, "签发吊销列表")
    _folder(crl)
    crl.add_argument("--days", type=int, default=7, metavar="天数")


def _folder(parser) -> None:
    parser.add_argument("--folder", required=True, metavar="目录", help="CA 所在目录")


def run_init(options, console: Console) -> int:
    folder = Path(options.folder)
    if (folder / "root.pem").exists():
        raise FileExistsError(17, "已存在", str(folder / "root.pem"))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    provider, now = context.provider(), context.now()
    root = Authority.root(provider, now, options.kind, f"{options.name}根 CA")
    middle = root.intermediate(f"{options.name}中级 CA")
    for name, authority in (("root", root), ("ca", middle)):
        (folder / f"{name}.pem").write_bytes(authority.certificate.pem())
        context.save_secret(str(folder / f"{name}.key"), key_pem(authority.pair))
        (folder / f"{name}.crl").write_bytes(armor("X509 CRL", authority.crl().der))
    (folder / "revoked.json").write_text("[]\n", encoding="utf-8")
    console.note(f"注意：{WARNING}")
    console.result(
        {"folder": str(folder), "root": root.certificate.subject_text, "ca": middle.certificate.subject_text}
    )
    return 0


def run_issue(options, console: Console) -> int:
    authority = load(Path(options.folder))
    if bool(options.csr) == bool(options.subject):
        raise EncodingError("--subject 与 --csr 须给出其一")
    profile = PROFILES[options.profile]
    if options.csr:
        request = CertificateRequest(Path(options.csr).read_bytes())
        request.check(authority.provider)
        names, spki, pair = subject(_in_order(request.subject_text)), request.key.spki, None
    else:
        names, pair = subject(options.subject), make_pair(authority.pair.kind, authority.provider)
        spki = pair.spki()
    start = context.moment(options.not_before) if options.not_before else None
    certificate = authority.issue(
        Request(
            names,
            profile.usages,
            profile.purposes,
            days=options.days,
            not_before=start,
            crl_url=options.crl_url,
            dns_names=options.dns,
        ),
        spki,
    )
    if pair:
        context.save_secret(f"{options.output}.key", key_pem(pair))
    Path(f"{options.output}.pem").write_bytes(certificate.pem())
    console.result(
        {"certificate": f"{options.output}.pem", "serial": certificate.serial_text, "subject": certificate.subject_text}
    )
    return 0


def _in_order(text: str) -> str:
    return ",".join(reversed(text.split(",")))


def run_revoke(options, console: Console) -> int:
    folder = Path(options.folder)
    authority = load(folder)
    certificate = Certificate(Path(options.certificate).read_bytes())
    if certificate.issuer_key != authority.certificate.subject_key:
        raise EncodingError("该证书不是这个 CA 签发的")
    authority.revoke(certificate, options.reason)
    rows = [[serial, at.isoformat(), reason] for serial, at, reason in authority.revoked]
    (folder / "revoked.json").write_text(json.dumps(rows) + "\n", encoding="utf-8")
    return _publish(folder, authority, 7, console)


def run_crl(options, console: Console) -> int:
    folder = Path(options.folder)
    return _publish(folder, load(folder), options.days, console)


def _publish(folder: Path, authority: Authority, days: int, console: Console) -> int:
    found = authority.crl(number=int(authority.now.timestamp()), days=days)
    (folder / "ca.crl").write_bytes(armor("X509 CRL", found.der))
    console.result(
        {"file": str(folder / "ca.crl"), "revoked": len(found.revoked)},
        f"吊销列表已写入：{folder / 'ca.crl'}（{len(found.revoked)} 张）",
    )
    return 0


def load(folder: Path) -> Authority:
    """The intermediate CA of a folder."""
    try:
        certificate = Certificate((folder / "ca.pem").read_bytes())
    except FileNotFoundError:
        raise KeyMissing(f"{folder / 'ca.pem'} does not exist") from None
    pair = read_key(read_private_file(folder / "ca.key"), certificate)
    revoked = json.loads((folder / "revoked.json").read_text(encoding="utf-8"))
    return Authority(
        pair,
        certificate,
        context.provider(),
        context.now(),
        revoked=[(serial, datetime.fromisoformat(at), reason) for serial, at, reason in revoked],
    )


def read_key(data: bytes, certificate: Certificate) -> SigningPair:
    if certificate.key.kind == "SM2":
        return SigningPair("SM2", read_private(data), certificate.key.point)
    return SigningPair(certificate.key.kind, serialization.load_pem_private_key(data, None))


def key_pem(pair: SigningPair) -> bytes:
    if pair.kind == "SM2":
        return write_private(pair.key, PrivateForm.PKCS8_PEM).reveal()
    return pair.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


__all__ = ["add", "ca_name"]

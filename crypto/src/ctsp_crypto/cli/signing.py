"""keygen, sign, verify (of a file; without a file `verify` is that of sealing)."""

from .. import sm2
from ..encodings import signatures
from ..encodings.keys import PrivateForm, PublicForm, write_encrypted, write_private, write_public
from ..errors import EncodingError
from . import context, seal
from .arguments import command
from .console import Console

CHUNK = 1 << 20


def add(commands) -> None:
    keygen = command(commands, "keygen", run_keygen, "生成密钥：SM2 密钥对、SM4 或 HMAC 密钥")
    keygen.add_argument("kind", choices=["sm2", "sm4", "hmac"], metavar="种类", help="sm2、sm4、hmac")
    keygen.add_argument("-o", "--output", required=True, metavar="文件", help="私钥或对称密钥（权限 0600）")
    keygen.add_argument("--public", metavar="文件", help="SM2 公钥写入此文件")
    keygen.add_argument("--encrypted", action="store_true", help="用口令加密 SM2 私钥（PKCS#8，SM4、SM3）")
    keygen.add_argument("--passphrase-file", metavar="文件", help="口令所在文件（权限 0600）")
    keygen.add_argument("--force", action="store_true", help="覆盖已有文件")
    sign = command(commands, "sign", run_sign, "对文件做 SM2 分离签名")
    sign.add_argument("file", metavar="文件")
    sign.add_argument("--key", required=True, metavar="私钥文件")
    sign.add_argument("-o", "--output", metavar="签名文件", help="默认为“文件.sig”")
    sign.add_argument("--raw", action="store_true", help="写 64 字节的 r‖s，默认写 DER")
    sign.add_argument("--id", metavar="标识", help="签名者标识，默认 1234567812345678")
    sign.add_argument("--passphrase-file", metavar="文件", help="私钥口令所在文件（权限 0600）")
    sign.add_argument("--force", action="store_true", help="覆盖已有的签名文件")
    verify = command(
        commands, "verify", run_verify, "给出文件时核对其 SM2 签名；不给文件时校验封存的日志与访问控制文件"
    )
    verify.add_argument("file", nargs="?", metavar="文件")
    verify.add_argument("--key", metavar="公钥或证书", help="签名者的公钥")
    verify.add_argument("--signature", metavar="签名文件", help="默认为“文件.sig”，DER 或 64 字节")
    verify.add_argument("--id", metavar="标识", help="签名者标识，默认 1234567812345678")
    seal.config_argument(verify)


def run_keygen(options, console: Console) -> int:
    provider = context.provider()
    if options.kind != "sm2":
        key = provider.generate_key(16 if options.kind == "sm4" else 32)
        context.save_secret(options.output, key.secret.reveal().hex().encode() + b"\n", options.force)
        console.result({"kind": options.kind, "file": options.output}, f"已生成：{options.output}")
        return 0
    pair = provider.generate_key_pair()
    if options.encrypted:
        content = write_encrypted(pair, context.passphrase(options, twice=True))
    else:
        content = write_private(pair, PrivateForm.PKCS8_PEM).reveal()
    context.save_secret(options.output, content, options.force)
    public = write_public(pair.public, PublicForm.PEM)
    if options.public:
        context.save(options.public, public, options.force)
    console.result(
        {"kind": "sm2", "file": options.output, "public_key": pair.public.point.hex()},
        f"已生成：{options.output}\n公钥：{pair.public.point.hex()}",
    )
    return 0


def _digest(path: str, public, user_id: bytes, console: Console) -> bytes:
    """e = SM3(ZA ‖ file), read as a stream."""
    with context.source(path) as (stream, size), console.bar(f"SM3 {path}", size) as bar:

        def chunks():
            done = 0
            while chunk := stream.read(CHUNK):
                yield chunk
                done += len(chunk)
                bar(done)

        return sm2.message_digest(public, chunks(), user_id)


def run_sign(options, console: Console) -> int:
    provider = context.provider()
    key = context.private_key(options.key, options)
    public = key.public or provider.public_key(key)
    signed = provider.sign_digest(key, _digest(options.file, public, context.user_id(options), console))
    value = signed.value if options.raw else signatures.to_der(signed.value)
    target = options.output or f"{options.file}.sig"
    context.save(target, value, options.force)
    console.result({"file": options.file, "signature": target, "algorithm": signed.algorithm}, f"签名已写入：{target}")
    return 0


def run_verify(options, console: Console) -> int:
    if options.file is None:
        return seal.run_verify(options, console)
    if not options.key:
        raise EncodingError("核对签名须用 --key 给出签名者的公钥或证书")
    public = context.public_key(options.key)
    with context.source(options.signature or f"{options.file}.sig") as (stream, _size):
        signature = signatures.read(stream.read(1024))
    digest = _digest(options.file, public, context.user_id(options), console)
    context.provider().verify_digest(public, digest, signature)
    console.result({"file": options.file, "good": True}, "签名成立")
    return 0

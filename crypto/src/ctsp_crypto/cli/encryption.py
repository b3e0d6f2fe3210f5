"""encrypt, decrypt."""

from ..errors import PolicyError
from ..files import decrypt_file, encrypt_file, locks
from . import context
from .arguments import Parser, command
from .console import Console


def add(commands) -> None:
    encrypt = command(commands, "encrypt", run_encrypt, "加密文件（SM4-GCM，分块，任意大小）")
    _paths(encrypt)
    how = encrypt.add_mutually_exclusive_group(required=True)
    how.add_argument("--passphrase", action="store_true", help="用口令")
    how.add_argument("--passphrase-file", metavar="文件", help="用文件中的口令（权限 0600）")
    how.add_argument("--key", metavar="密钥文件", help="用对称密钥（十六进制，权限 0600）")
    how.add_argument("--to", action="append", metavar="公钥或证书", help="加密给 SM2 公钥的持有人，可重复")
    decrypt = command(commands, "decrypt", run_decrypt, "解密由 encrypt 加密的文件；校验不通过时不产生任何输出文件")
    _paths(decrypt)
    decrypt.add_argument("--key", metavar="密钥文件", help="对称密钥（十六进制，权限 0600）")
    decrypt.add_argument("--private-key", metavar="私钥文件", help="SM2 私钥")
    decrypt.add_argument("--passphrase-file", metavar="文件", help="口令所在文件（权限 0600）")


def _paths(parser: Parser) -> None:
    parser.add_argument("file", metavar="文件", help="“-”为标准输入")
    parser.add_argument("-o", "--output", required=True, metavar="输出文件")
    parser.add_argument("--force", action="store_true", help="覆盖已有的输出文件")


def run_encrypt(options, console: Console) -> int:
    provider = context.provider()
    if options.key:
        lock = locks.with_key(provider, context.symmetric_key(options.key))
    elif options.to:
        lock = locks.for_keys(provider, [context.public_key(path) for path in options.to])
    else:
        lock = locks.with_passphrase(provider, context.passphrase(options, twice=True))
    with (
        context.source(options.file) as (stream, size),
        context.output(options.output, options.force) as target,
        console.bar("加密", size) as bar,
    ):
        encrypt_file(stream, target, lock, provider, bar)
    return _done(options, console, "加密")


def run_decrypt(options, console: Console) -> int:
    provider = context.provider()
    if options.output == "-":
        raise PolicyError("解密结果在校验通过之前不可信，须写入文件")
    given = {}
    if options.key:
        given["key"] = context.symmetric_key(options.key)
    elif options.private_key:
        given["private"] = context.private_key(options.private_key, options)
    else:
        given["passphrase"] = context.passphrase(options)
    with (
        context.source(options.file) as (stream, size),
        context.output(options.output, options.force) as target,
        console.bar("解密", size) as bar,
    ):
        decrypt_file(stream, target, locks.open_with(provider, **given), provider, bar)
    return _done(options, console, "解密")


def _done(options, console: Console, what: str) -> int:
    if options.output != "-":
        console.result({"file": options.file, "output": options.output}, f"已{what}：{options.output}")
    return 0

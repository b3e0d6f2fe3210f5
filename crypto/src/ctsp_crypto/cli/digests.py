"""digest, mac."""

import hmac

from ..errors import EncodingError, VerificationFailed
from . import context
from .arguments import command
from .console import Console

CHUNK = 1 << 20


def add(commands) -> None:
    digest = command(commands, "digest", run_digest, "计算文件的 SM3 摘要，或按清单核对")
    digest.add_argument("files", nargs="+", metavar="文件", help="文件，“-”为标准输入")
    digest.add_argument("-c", "--check", action="store_true", help="把文件当作清单（摘要 两个空格 文件名）逐行核对")
    mac = command(commands, "mac", run_mac, "计算或核对文件的 HMAC-SM3")
    mac.add_argument("file", metavar="文件")
    mac.add_argument("--key", required=True, metavar="密钥文件", help="十六进制，权限 0600")
    mac.add_argument("--verify", metavar="HMAC", help="核对这个值（十六进制）")


def run_digest(options, console: Console) -> int:
    if options.check:
        return _check(options.files, console)
    rows = [{"file": path, "sm3": _digest(path, console).hex()} for path in options.files]
    console.result(rows, "\n".join(f"{row['sm3']}  {row['file']}" for row in rows))
    return 0


def _digest(path: str, console: Console) -> bytes:
    with context.source(path) as (stream, size), console.bar(f"SM3 {path}", size) as bar:
        return context.provider().digest_stream(_chunks(stream, bar)).value


def _chunks(stream, bar):
    done = 0
    while chunk := stream.read(CHUNK):
        yield chunk
        done += len(chunk)
        bar(done)


def _check(lists: list[str], console: Console) -> int:
    rows = []
    for path in lists:
        with context.source(path) as (stream, _size):
            lines = stream.read().decode("utf-8", "replace").splitlines()
        for line in filter(None, lines):
            expected, separator, name = line.partition("  ")
            if not separator or len(expected) != 64:
                raise EncodingError(f"清单 {path} 中有无法识别的行")
            rows.append({"file": name, "good": _equals(name, expected, console)})
    console.result(rows, "\n".join(f"{row['file']}：{'一致' if row['good'] else '不一致'}" for row in rows))
    return 0 if all(row["good"] for row in rows) else 1


def _equals(name: str, expected: str, console: Console) -> bool:
    try:
        return hmac.compare_digest(_digest(name, console).hex(), expected.lower())
    except OSError:
        return False


def run_mac(options, console: Console) -> int:
    key = context.symmetric_key(options.key)
    with context.source(options.file) as (stream, size), console.bar("HMAC-SM3", size) as bar:
        state = hmac.new(key.secret.reveal(), digestmod="sm3")
        for chunk in _chunks(stream, bar):
            state.update(chunk)
    value = state.hexdigest()
    if options.verify and not hmac.compare_digest(value, options.verify.lower()):
        raise VerificationFailed("HMAC 不一致")
    console.result({"file": options.file, "hmac_sm3": value}, "一致" if options.verify else f"{value}  {options.file}")
    return 0

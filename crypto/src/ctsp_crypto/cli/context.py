"""What commands need: provider, clock, keys and files."""

import getpass
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import BinaryIO

from ..encodings import keys as key_files
from ..errors import EncodingError, PolicyError
from ..keys.root import read_private_file
from ..material import PrivateKey, PublicKey, SymmetricKey
from ..sealing.files import write_atomically
from ..secret import Secret

PHRASE_VARIABLE = "CTSP_CRYPTO_PASSPHRASE"


@cache
def provider():
    """The software provider; which one a server uses is the platform's configuration."""
    from ..providers.standard import StandardProvider

    return StandardProvider()


def now() -> datetime:
    return datetime.now(UTC)


def moment(text: str | None) -> datetime:
    """A time given on the command line, in local time unless it says otherwise."""
    if not text:
        return now()
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        raise EncodingError(f"时间 {text} 应写作 2026-11-22 或 2026-11-22T08:00:00+08:00") from None


def passphrase(options, prompt: str = "口令：", twice: bool = False) -> Secret:
    """From --passphrase-file, the environment, or asked for without echo."""
    if getattr(options, "passphrase_file", None):
        return Secret(read_private_file(Path(options.passphrase_file)).strip())
    if PHRASE_VARIABLE in os.environ:
        return Secret(os.environ[PHRASE_VARIABLE].encode())
    if not sys.stdin.isatty():
        raise PolicyError(f"没有终端可以输入口令：请用 --passphrase-file，或环境变量 {PHRASE_VARIABLE}")
    given = getpass.getpass(prompt)
    if twice and getpass.getpass("再输入一次：") != given:
        raise PolicyError("两次输入的口令不一致")
    return Secret(given.encode())


def symmetric_key(path: str) -> SymmetricKey:
    """Hex in a file with mode 0600."""
    try:
        return SymmetricKey(Secret(bytes.fromhex(read_private_file(Path(path)).decode().strip())))
    except ValueError:
        raise EncodingError(f"{path} 应为十六进制的密钥") from None


def private_key(path: str, options=None) -> PrivateKey:
    """Any form; asks for the password of an encrypted one."""
    data = read_private_file(Path(path))
    if b"ENCRYPTED" in data:
        return key_files.read_private(data, passphrase(options, f"{path} 的口令："))
    return key_files.read_private(data)


def public_key(path: str) -> PublicKey:
    """A public key in any form, or that of a certificate."""
    data = Path(path).read_bytes()
    if b"BEGIN CERTIFICATE" in data:
        from ..certificates import Certificate

        return Certificate(data).key.sm2
    return key_files.read_public(data)


def user_id(options) -> bytes:
    from ..algorithms import DEFAULT_ID

    return options.id.encode() if getattr(options, "id", None) else DEFAULT_ID


def save_secret(path: str, content: bytes, force: bool = False) -> None:
    """A file with mode 0600; never over an existing one unless told so."""
    if Path(path).exists() and not force:
        raise FileExistsError(17, "已存在", path)
    write_atomically(Path(path).absolute(), content, 0o600)


def save(path: str, content: bytes, force: bool = False) -> None:
    if Path(path).exists() and not force:
        raise FileExistsError(17, "已存在", path)
    Path(path).write_bytes(content)


@contextmanager
def output(path: str, force: bool = False) -> Iterator[BinaryIO]:
    """A file that appears under its name only when everything went well; "-" is standard output."""
    if path == "-":
        yield sys.stdout.buffer
        return
    target = Path(path)
    if target.exists() and not force:
        raise FileExistsError(17, "已存在", path)
    handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.absolute().parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
        Path(temporary).replace(target)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(temporary).unlink()
        raise


@contextmanager
def source(path: str) -> Iterator[tuple[BinaryIO, int]]:
    """A stream and its size, 0 where it is not known."""
    if path == "-":
        yield sys.stdin.buffer, 0
        return
    with Path(path).open("rb") as stream:
        yield stream, os.fstat(stream.fileno()).st_size

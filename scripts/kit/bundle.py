"""What a backup consists of: a folder of data, and apart from it a file of keys that vouches for the folder.

Folder: `database.dump`, `files.tar`, `evidence.tar` and `manifest.json` with the SM3 digest of each. File of keys
(`<name>.keys`): root key, configuration and the digest of the manifest, encrypted with a passphrase (SM4-GCM, which
authenticates). So who has the folder alone reads nothing that is encrypted, and who changes it is found out before a
single byte of it reaches the database. A root key that stays in a device or service is not in it.
"""
import getpass
import hashlib
import json
import os
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from . import console, paths, process, venv
from .console import step
from .errors import Problem

FORMAT, KEYS_FORMAT = "ctsp-backup/1", "ctsp-backup-keys/1"
DATABASE, FILES, EVIDENCE, MANIFEST = "database.dump", "files.tar", "evidence.tar", "manifest.json"
PARTS = (EVIDENCE, DATABASE, FILES)
PHRASE = "CTSP_CRYPTO_PASSPHRASE"
SHORTEST = 12
PIECE = 1 << 20
OUTSIDE = "provider:"  # what CTSP_CRYPTO_ROOT begins with where the root key stays in a device or service


@dataclass
class Keys:
    """What the file of keys holds."""

    manifest: str
    root: str = ""
    files: dict[str, str] = field(default_factory=dict)


def digest(path: Path) -> str:
    """SM3 in hexadecimal digits."""
    made, done, size = hashlib.new("sm3"), 0, max(path.stat().st_size, 1)
    with path.open("rb") as stream:
        while piece := stream.read(PIECE):
            made.update(piece)
            done += len(piece)
            if console.interactive():
                console.transient(f"{path.name} {100 * done // size}%")
    if console.interactive():
        console.transient("")
    return made.hexdigest()


def write_manifest(folder: Path, **facts) -> str:
    """Return its digest."""
    rows = [{"name": name, "size": (folder / name).stat().st_size, "sm3": digest(folder / name)} for name in PARTS]
    content = json.dumps({"format": FORMAT, **facts, "files": rows}, ensure_ascii=False, indent=1) + "\n"
    (folder / MANIFEST).write_text(content, encoding="utf-8")
    return digest(folder / MANIFEST)


def checked(folder: Path, keys: Keys) -> dict:
    """Return the manifest, once all of the folder is what it was; :raise Problem: it is not."""
    manifest = read_manifest(folder, keys)
    compare(folder, manifest)
    return manifest


def read_manifest(folder: Path, keys: Keys) -> dict:
    """Return the manifest that the keys vouch for."""
    path = folder / MANIFEST
    if not path.is_file():
        raise Problem(f"{folder} 不是备份目录：缺少 {MANIFEST}", "请指定 scripts/backup 生成的目录")
    if digest(path) != keys.manifest:
        raise Problem("备份清单被改动，或密钥包属于另一次备份", "未恢复任何数据；请改用另一份备份")
    return json.loads(path.read_text(encoding="utf-8"))


def compare(folder: Path, manifest: dict) -> None:
    """Read every file; takes a while where they are large."""
    with step("逐个文件核对 SM3 摘要"):
        wrong = [row["name"] for row in manifest["files"] if not unchanged(folder / row["name"], row)]
        if wrong:
            raise Problem(f"备份文件被改动、截短或缺失：{'、'.join(wrong)}", "未恢复任何数据；请改用另一份备份")


def unchanged(path: Path, row: dict) -> bool:
    return path.is_file() and path.stat().st_size == row["size"] and digest(path) == row["sm3"]


def write_keys(path: Path, keys: Keys, phrase: str) -> None:
    content = {"format": KEYS_FORMAT, "manifest": keys.manifest, "root": keys.root, "files": keys.files}
    crypto("encrypt", "-", "--passphrase", "-o", path, phrase=phrase, content=json.dumps(content, ensure_ascii=False))
    path.chmod(0o600)


def read_keys(path: Path, phrase: str) -> Keys:
    """:raise Problem: wrong passphrase, or not what it was"""
    if not path.is_file():
        raise Problem(f"找不到密钥包 {path}", "请用 --keys 指明 scripts/backup 生成的 .keys 文件（与数据分开存放）")
    paths.ensure_var()
    with tempfile.TemporaryDirectory(dir=paths.VAR) as folder:  # mode 700
        opened = Path(folder) / "keys"
        crypto("decrypt", path, "-o", opened, phrase=phrase)
        content = json.loads(opened.read_text(encoding="utf-8"))
    if content.pop("format") != KEYS_FORMAT:
        raise Problem(f"{path} 不是 scripts/backup 生成的密钥包")
    return Keys(**content)


def crypto(*arguments, phrase: str, content: str | None = None) -> None:
    process.run(
        [venv.PYTHON, "-m", "ctsp_crypto.cli", *arguments], log="backup", input=content,
        env=process.clean_env(**{PHRASE: phrase}), problem="密钥包无法加密或打开",
        remedy="请核对口令；密钥包被改动或损坏时也打不开")


def ask_phrase(file: Path | None, twice: bool = False) -> str:
    """From a file, the environment, or asked for without echo."""
    if file:
        if not file.is_file():
            raise Problem(f"找不到口令文件 {file}", "请核对 --passphrase-file；不指定时会询问口令")
        if file.stat().st_mode & 0o077:
            raise Problem(f"{file} 其他账号可读", f"请执行 chmod 600 {file}")
        phrase = file.read_text(encoding="utf-8").strip()
    elif PHRASE in os.environ:
        phrase = os.environ[PHRASE]
    elif not sys.stdin.isatty():
        raise Problem("没有终端可以输入口令", f"请用 --passphrase-file，或环境变量 {PHRASE}")
    else:
        phrase = getpass.getpass("密钥包口令：")
        if twice and getpass.getpass("再输入一次：") != phrase:
            raise Problem("两次输入的口令不一致")
    if len(phrase) < SHORTEST:
        raise Problem(f"口令太短，至少 {SHORTEST} 个字符")
    return phrase


def root_place() -> str:
    return process.clean_env()["CTSP_CRYPTO_ROOT"]


def evidence_folders(data: Path) -> dict[str, Path]:
    """Where checkpoints and the archive of the log lie: by name in `evidence.tar`."""
    get = os.environ.get
    return {"checkpoints": Path(get("CTSP_CHECKPOINTS") or data / "checkpoints"),
            "audit-archive": Path(get("CTSP_AUDIT_ARCHIVE") or data / "audit-archive")}

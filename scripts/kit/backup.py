"""Back a database up while people work: nothing is stopped, nothing locked that they need.

The order matters. Checkpoints of the seals first: each must be found among the seals of the dump. Then the database in
one snapshot, then the file store: files are added there, and removed only after no attachment names them any more
(should one that the snapshot names go meanwhile, the verification after restoring says so).
"""
import argparse
import contextlib
import io
import os
import shutil
import tarfile
from datetime import datetime
from pathlib import Path

from . import bundle, database, paths, process, venv
from .console import say, step
from .errors import Problem
from .odoo import Odoo

UUID = "SELECT value FROM ir_config_parameter WHERE key = 'database.uuid'"
FOLDER, KEYS = paths.VAR / "backup", paths.VAR / "backup-keys"


def main() -> None:
    options = parse()
    phrase = bundle.ask_phrase(options.passphrase_file, twice=True)
    venv.ensure()
    server = database.development()
    server.start(reader_only=True)
    try:
        odoo = Odoo(server, "production" if options.production else "development")
        folder, keys = make(odoo, options.database, options.to, options.keys_to, phrase)
    finally:
        server.stop_if_idle()
    size = sum(path.stat().st_size for path in folder.iterdir()) / 2**20
    say(f"\n备份：{process.relative(folder)}（{size:.0f} MB）\n密钥包：{process.relative(keys)}")
    say("两者请分开保管：密钥包与口令交安全管理员，不与数据放在同一介质上。")
    both = f"{process.relative(folder)} --keys {process.relative(keys)}"
    say(f"检查：scripts/restore {both} --check\n恢复：scripts/restore {both} --database 新数据库名")


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/backup", description=(
        "备份平台，不中断服务。数据目录与密钥包分开存放；密钥包以口令加密，口令可由两人各掌握一半。"))
    parser.add_argument("--database", default="ctsp", help="数据库名，默认 ctsp")
    parser.add_argument("--to", type=Path, default=FOLDER, metavar="目录", help="数据放在哪里，默认 var/backup")
    parser.add_argument("--keys-to", type=Path, default=KEYS, metavar="目录",
                        help="密钥包放在哪里，默认 var/backup-keys")
    parser.add_argument("--passphrase-file", type=Path, metavar="文件", help=(
        f"口令所在文件（权限 600）；不指定则询问，或取环境变量 {bundle.PHRASE}"))
    parser.add_argument("--production", action="store_true", help="采用 config/odoo/production.conf")
    return parser.parse_args()


def make(odoo: Odoo, name: str, to: Path, keys_to: Path, phrase: str) -> tuple[Path, Path]:
    """Return the folder and the file of keys; an interrupted backup leaves neither."""
    database.checked(name)
    server, moment = odoo.server, datetime.now().astimezone()
    title = f"{name}-{moment:%Y%m%d-%H%M%S}"
    draft, keys = to / f"{title}.unfinished", keys_to / f"{title}.keys"
    for folder in (draft, keys_to):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    mask = os.umask(0o077)
    try:
        server.let_in(server.reader, name)
        uuid = server.psql(UUID, name, server.reader).strip()
        with step("备份核验凭据（检查点、日志归档）"):
            pack_evidence(draft / bundle.EVIDENCE, odoo.data, f"{name}-", f"{name}-{uuid[:8]}")
        with step("备份数据库"):
            server.client("pg_dump", "-Fc", "--lock-wait-timeout=60s", "-f", draft / bundle.DATABASE, database=name,
                          login=server.reader, problem="数据库备份失败", remedy=(
                              "请确认备份角色 ctsp_backup 存在并可连接（config/postgresql/roles.sql）"))
        with step("备份文件"):
            pack_folder(draft / bundle.FILES, odoo.filestore(name))
        with step("计算 SM3 摘要，生成密钥包"):
            manifest = bundle.write_manifest(
                draft, database=name, uuid=uuid, made_at=moment.isoformat(timespec="seconds"),
                postgresql=server.psql("SHOW server_version", name, server.reader).strip())
            bundle.write_keys(keys, held_apart(odoo, manifest), phrase)
        return draft.rename(to / title), keys
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        keys.unlink(missing_ok=True)
        raise
    finally:
        os.umask(mask)


def held_apart(odoo: Odoo, manifest: str) -> bundle.Keys:
    """Root key and configuration: what must not lie beside the data."""
    keys, place = bundle.Keys(manifest), bundle.root_place()
    if not place.startswith(bundle.OUTSIDE):
        if not Path(place).is_file():
            raise Problem(f"找不到根密钥 {place}", "请用 CTSP_CRYPTO_ROOT 指明；没有它，备份的密文无法解开")
        keys.root = Path(place).read_text(encoding="utf-8")
    for path in (odoo.config, Path(os.environ.get("CTSP_CRYPTO_CONFIG") or "/nonexistent")):
        if path.is_file():
            keys.files[path.name] = path.read_text(encoding="utf-8")
    return keys


def pack_folder(target: Path, folder: Path) -> None:
    with tarfile.open(target, "w") as archive:
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.is_file():
                with contextlib.suppress(FileNotFoundError):  # nobody needs it any more
                    archive.add(path, str(path.relative_to(folder)), recursive=False)


def pack_evidence(target: Path, data: Path, archive_prefix: str, checkpoint_prefix: str) -> None:
    """Whole lines only: the sealer may be writing one."""
    folders = bundle.evidence_folders(data)
    with tarfile.open(target, "w") as archive:
        for path in sorted(folders["checkpoints"].glob(f"{checkpoint_prefix}*.jsonl")):
            content = path.read_bytes()
            content = content[:content.rfind(b"\n") + 1]
            about = tarfile.TarInfo(f"checkpoints/{path.name}")
            about.size, about.mode, about.mtime = len(content), 0o600, int(path.stat().st_mtime)
            archive.addfile(about, io.BytesIO(content))
        for path in sorted(folders["audit-archive"].glob(f"{archive_prefix}*")):
            archive.add(path, f"audit-archive/{path.name}", recursive=False)

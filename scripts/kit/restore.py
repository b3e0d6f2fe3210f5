"""Bring a backup back as a new database, and say whether all of it is genuine.

Nothing is written over: neither a database, nor a root key, nor checkpoints that are there. What the file of keys does
not vouch for is refused before it is read; what was altered before the backup is named by the platform's own
verification afterwards.
"""
import argparse
import json
import shutil
import tarfile
from pathlib import Path

from . import bundle, database, paths, process, venv
from .console import say, step
from .errors import Problem
from .installation import Installation
from .odoo import Odoo

LOG = paths.LOGS / "restore.log"
RESULT = paths.VAR / "restore-result.json"
SHOWN = 10


def main() -> int:
    options = parse()
    phrase = bundle.ask_phrase(options.passphrase_file)
    venv.ensure()
    keys = bundle.read_keys(options.keys, phrase)
    manifest = bundle.read_manifest(options.backup, keys)
    if options.check:
        compare(options.backup, manifest)
        return 0
    server = database.development()
    server.start()
    try:
        name = database.checked(options.database or manifest["database"])
        refuse_existing(server, name)  # before what takes long
        compare(options.backup, manifest)
        odoo = Odoo(server, "production" if options.production else "development")
        odoo.write_config()
        bring_back(odoo, options.backup, keys, manifest, name)
        return report(name, verify(odoo, name))
    finally:
        server.stop_if_idle()


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/restore", description=(
        "先核对备份（任何改动都会被发现），再恢复成一个新的数据库，最后核验其中的签名、验证码、密文与文件。"
        "不会覆盖已有的数据库、根密钥和检查点。"))
    parser.add_argument("backup", type=Path, metavar="备份目录")
    parser.add_argument("--keys", type=Path, required=True, metavar="密钥包", help="scripts/backup 生成的 .keys 文件")
    parser.add_argument("--database", help="恢复成哪个数据库（不得已存在），默认与备份时同名")
    parser.add_argument("--check", action="store_true", help="只核对备份，不恢复")
    parser.add_argument("--passphrase-file", type=Path, metavar="文件", help=(
        f"口令所在文件（权限 600）；不指定则询问，或取环境变量 {bundle.PHRASE}"))
    parser.add_argument("--production", action="store_true", help="采用 config/odoo/production.conf")
    return parser.parse_args()


def compare(folder: Path, manifest: dict) -> None:
    bundle.compare(folder, manifest)
    say(f"备份完好：数据库 {manifest['database']}，{manifest['made_at']}，PostgreSQL {manifest['postgresql']}")


def refuse_existing(server: database.Server, name: str) -> None:
    if server.exists(name):
        raise Problem(f"数据库 {name} 已存在，恢复不会覆盖它", "请用 --database 指定另一个名称，或先将现有数据库改名")


def bring_back(odoo: Odoo, folder: Path, keys: bundle.Keys, manifest: dict, name: str) -> None:
    """Under another name first: an interrupted restore leaves no database that looks whole."""
    server, draft = odoo.server, Installation(odoo, f"{database.checked(name)}_restoring")
    refuse_existing(server, name)
    place_root(keys)
    if server.exists(draft.name):
        draft.remove()
    try:
        with step("恢复数据库"):
            server.create(draft.name)
            server.client("pg_restore", "--exit-on-error", "-j", "2", "-d", draft.name, folder / bundle.DATABASE,
                          database=draft.name, login=server.admin, problem="数据库恢复失败", remedy=(
                              "恢复须以数据库管理员身份进行：CTSP_DB_ADMIN_USER、CTSP_DB_ADMIN_PASSWORD；"
                              "详细输出见 var/log/postgres.log"))
        with step("恢复文件"):
            unpack(folder / bundle.FILES, odoo.filestore(draft.name))
    except BaseException:
        draft.remove()
        raise
    server.psql(f'ALTER DATABASE "{draft.name}" RENAME TO "{name}"')
    shutil.rmtree(odoo.filestore(name), ignore_errors=True)
    if odoo.filestore(draft.name).exists():
        shutil.move(odoo.filestore(draft.name), odoo.filestore(name))
    place_evidence(folder / bundle.EVIDENCE, odoo.data, manifest, name)


def place_root(keys: bundle.Keys) -> None:
    """Put the root key where it belongs; one that is there must know all versions of the backup's."""
    place = bundle.root_place()
    if place.startswith(bundle.OUTSIDE) or not keys.root:
        return
    path = Path(place)
    if path.exists():
        here = json.loads(path.read_text(encoding="utf-8"))["keys"]
        if any(here.get(version) != key for version, key in json.loads(keys.root)["keys"].items()):
            raise Problem(f"{process.relative(path)} 是另一把根密钥，恢复不会覆盖它",
                          "请用环境变量 CTSP_CRYPTO_ROOT 为恢复的平台指定另一个位置")
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(keys.root, encoding="utf-8")


def unpack(archive: Path, folder: Path) -> None:
    with tarfile.open(archive) as stream:
        for member in stream:
            target = folder / member.name
            if not member.isfile() or not target.resolve().is_relative_to(folder.resolve()):
                raise Problem(f"{archive.name} 中有不应出现的条目：{member.name}")
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with stream.extractfile(member) as source, target.open("wb") as copy:
                shutil.copyfileobj(source, copy)


def place_evidence(archive: Path, data: Path, manifest: dict, name: str) -> None:
    """Checkpoints take the name of the new database; newer ones that are there stay, and will say what is lost."""
    folders = bundle.evidence_folders(data)
    with tarfile.open(archive) as stream:
        for member in stream.getmembers():
            kind, _slash, file = member.name.partition("/")
            if kind == "checkpoints":
                file = name + file.removeprefix(manifest["database"])
            target = folders[kind] / Path(file).name
            if target.exists():
                say(f"  {target.name} 已存在，予以保留")
                continue
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            target.write_bytes(stream.extractfile(member).read())
            target.chmod(0o600)


def verify(odoo: Odoo, name: str) -> list[dict]:
    """Let the platform verify all it protects; return a row for each thing it looked at."""
    RESULT.unlink(missing_ok=True)
    try:
        with step("核验密钥、签名、验证码、密文与文件"):
            odoo.script("verify_restored", name, LOG, result=str(RESULT))
        return json.loads(RESULT.read_text(encoding="utf-8"))
    finally:
        RESULT.unlink(missing_ok=True)


def report(name: str, rows: list[dict]) -> int:
    for row in rows:
        say(f"  {'✓' if row['good'] else '✗'} {row['title']}：{row['state']}，共 {row['rows']} 行")
        for issue in row["issues"][:SHOWN]:
            say(f"      {issue}")
    good = all(row["good"] for row in rows)
    outcome = "全部核验通过。" if good else "但有内容未通过核验（见上），请交安全管理员处理。"
    say(f"\n数据库 {name} 已恢复，{outcome}")
    say(f"启动：scripts/run --database {name}")
    return 0 if good else 1

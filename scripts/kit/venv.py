"""The virtual environment `.venv/`: Odoo and the locked requirements, rebuilt only when a pin changes."""
import fcntl
import hashlib
import os
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from . import odoo_package, paths, process
from .console import say, step
from .errors import Problem

PYTHON = paths.VENV / "bin" / "python"
ODOO = paths.VENV / "bin" / "odoo"
NEEDED_BYTES = 3 * 1024**3
NO_PACKAGES = "请检查网络或代理是否能访问 pip 的软件包源（pip config list 中的 index-url），完成的步骤不会重做"
LAUNCHER = """#!{python}
import sys

from {module} import main

sys.exit(main())
"""
CRYPTO_COMMAND = PYTHON.with_name("ctsp-crypto")


def ensure(tests: bool = False) -> None:
    """Everything the platform needs to run (and to be tested), present and at the locked versions."""
    with exclusive(), ThreadPoolExecutor(1) as beside:
        ensure_piece("python", "1", create)
        source = beside.submit(ensure_piece, "odoo", odoo_source(), install_odoo)
        ensure_piece("base", lock("base"), lambda: install_requirements("base"))
        ensure_piece("crypto", "1", install_crypto)
        if tests:
            ensure_piece("test", lock("test"), lambda: install_requirements("test"))
        source.result()


def ensure_piece(name: str, wanted: str, build) -> None:
    stamp = paths.VENV / "stamps" / name
    digest = hashlib.sha256(wanted.encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    if paths.VENV.is_symlink() and stamp.exists():
        say(f"  注意：.venv 是共用的链接，其“{name}”与本目录的锁定版本不同，未作改动。")
        return
    check_space()
    build()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest)


@contextmanager
def exclusive():
    """One set-up at a time in this checkout."""
    paths.ensure_var()
    with (paths.VAR / "setup.lock").open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("另一个安装过程正在运行，等待它结束 …")
            fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def check_space(needed: int = NEEDED_BYTES) -> None:
    free = shutil.disk_usage(paths.ROOT).free
    if free < needed:
        raise Problem(
            f"磁盘空间不足：剩余 {free / 1024**3:.1f} GB，需要 {needed / 1024**3:.0f} GB",
            f"请清理 {paths.ROOT} 所在的磁盘后重试",
        )


def lock(name: str) -> str:
    return (paths.REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8")


def odoo_source() -> str:
    return os.environ.get("ODOO_HOME") or odoo_package.fingerprint()


def create() -> None:
    with step("建立 Python 虚拟环境"):
        if not paths.VENV.is_symlink():
            shutil.rmtree(paths.VENV, ignore_errors=True)
        process.run(
            [sys.executable, "-m", "venv", paths.VENV],
            problem="无法建立虚拟环境", remedy="Debian 上请先安装：apt-get install python3-venv",
        )


def install_odoo() -> None:
    given = os.environ.get("ODOO_HOME")
    with step(f"使用 ODOO_HOME={given}" if given else "获取 Odoo 19（约 130 MB）"):
        home = given_home(Path(given)) if given else odoo_package.install(paths.VENV / "odoo", paths.VENV / "apt")
        make_importable("odoo-home", home.resolve())
        write_launcher(ODOO, "odoo.cli")


def make_importable(name: str, folder: Path) -> None:
    # asked of the environment itself: the calling Python may lay out its folders differently
    site = process.run([PYTHON, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]).strip()
    (Path(site) / f"{name}.pth").write_text(f"{folder}\n", encoding="utf-8")


def write_launcher(path: Path, module: str) -> None:
    python = paths.VENV.resolve() / "bin" / PYTHON.name
    path.write_text(LAUNCHER.format(python=python, module=module), encoding="utf-8")
    path.chmod(0o755)


def install_crypto() -> None:
    """Our own package, from its source: of the checkout that owns the environment (see `process.clean_env`)."""
    make_importable("ctsp-crypto", paths.VENV.resolve().parent / "crypto" / "src")
    write_launcher(CRYPTO_COMMAND, "ctsp_crypto.cli")


def given_home(home: Path) -> Path:
    release = home / "odoo" / "release.py"
    if not release.is_file() or "version_info = (19, 0" not in release.read_text(encoding="utf-8"):
        raise Problem(f"ODOO_HOME={home} 不是 Odoo 19 源码目录", "该目录下应有 odoo/release.py，且版本为 19.0")
    return home


def install_requirements(name: str) -> None:
    title = {"base": "安装 Python 依赖", "test": "安装测试工具"}[name]
    with step(title):
        process.run(
            [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", "--no-deps",
             "-r", paths.REQUIREMENTS / f"{name}.txt"],
            problem=f"{title}失败", remedy=NO_PACKAGES,
        )

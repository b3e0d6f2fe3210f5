"""A private PostgreSQL cluster under var/, reached through a unix socket only."""
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from . import apt, paths, process, unprivileged
from .console import step
from .errors import Problem

SUPERUSER = "postgres"
SOCKET_LIMIT = 107
OLDEST = 15
ACCEPTING = 0
"""what pg_isready says of a server that takes connections"""
PATIENCE = 60
"""seconds"""
PRIVATE_PREFIX = paths.VENV / "postgresql"


def binaries() -> Path:
    """The host's newest PostgreSQL (15 or later), else one unpacked into the virtual environment."""
    given = os.environ.get("CTSP_PG_BIN")
    if given and not (Path(given) / "postgres").exists():
        raise Problem(f"CTSP_PG_BIN={given} 中没有 postgres", "请指向含有 postgres、initdb、pg_ctl 的目录")
    return Path(given) if given else newest(Path("/usr/lib/postgresql")) or newest(private_root()) or unpack_private()


def newest(root: Path) -> Path | None:
    found = [path.parent for path in root.glob("*/bin/initdb") if release(path.parent) >= OLDEST]
    return max(found, key=release, default=None)


def release(folder: Path) -> float:
    name = folder.parent.name
    return float(name) if re.fullmatch(r"[\d.]+", name) else 0


def private_root() -> Path:
    return PRIVATE_PREFIX / "usr/lib/postgresql"


def unpack_private() -> Path:
    with step("本机没有 PostgreSQL，下载到虚拟环境"):
        _source, codename = apt.machine_source()
        private = apt.PrivateApt(paths.VENV / "apt-postgresql", [codename])
        private.update()
        needed = private.missing_packages("postgresql")
        for package in private.download(*needed):
            apt.unpack(package, PRIVATE_PREFIX)
        shutil.rmtree(private.folder)
    found = newest(private_root())
    if not found:
        raise Problem("PostgreSQL 程序不完整", "请安装：apt-get install postgresql，或用 CTSP_DB_HOST 指定已有数据库")
    return found


def environment(folder: Path) -> dict:
    """Unpacked binaries need the libraries they came with."""
    if PRIVATE_PREFIX not in folder.parents:
        return process.clean_env(LC_ALL="C.UTF-8")
    libraries = ":".join(sorted({str(path.parent) for path in PRIVATE_PREFIX.rglob("*.so*")}))
    return process.clean_env(LC_ALL="C.UTF-8", LD_LIBRARY_PATH=libraries)


@dataclass
class Cluster:
    """One cluster: `var/postgres` keeps data, `var/postgres-test` may lose it in a power cut and is faster.

    Whoever works with it holds a shared lock from `join` to `leave`; the last one to leave stops it. So one run never
    stops the server under the next one, which waits where the first is still stopping it.
    """

    folder: Path
    throwaway: bool = False
    _place: TextIO | None = field(default=None, repr=False)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def process(self) -> int:
        """Number of the server's first process. OSError: none was started."""
        return int((self.data / "postmaster.pid").read_text().split()[0])

    @property
    def socket(self) -> Path:
        return short_folder(self.folder / "socket")

    def join(self) -> None:
        """Start it if need be; it runs until `leave`, whatever other programs do."""
        paths.ensure_var()
        if not self._place:
            self._place = self._lock_file("users").open("w")
            fcntl.flock(self._place, fcntl.LOCK_SH)  # waits while somebody is stopping it
        with self._lock_file("starting").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            self._start()

    def leave(self, still_used: Callable[[], bool]) -> None:
        """Stop it, unless somebody else works with it: a program of ours, or whom `still_used` knows of."""
        if not self._place:
            return
        with self._place as place:
            self._place = None
            try:
                fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return
            if self.running() and not still_used():
                self.stop()

    def _lock_file(self, name: str) -> Path:
        return self.folder.with_name(f"{self.folder.name}.{name}.lock")

    def _start(self) -> None:
        if not (self.data / "PG_VERSION").exists():
            self._create()
        if self._settled():
            return
        self.socket.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._configure()
        log = self.folder / "server.log"
        self._call(
            "pg_ctl", "start", "-D", self.data, "-l", log, "-w", "-t", str(PATIENCE), "-s",
            problem="PostgreSQL 启动失败", remedy=f"请查看 {process.relative(log)}",
        )

    def running(self) -> bool:
        return self._exit_code("pg_ctl", "status", "-D", str(self.data)) == 0

    def _settled(self) -> bool:
        """Say whether it runs; one that is just coming up or going down (stopped by hand, say) is waited for."""
        deadline = time.monotonic() + PATIENCE
        while self.running():
            if self._exit_code("pg_isready", "-q", "-h", str(self.socket)) == ACCEPTING or time.monotonic() > deadline:
                return True
            time.sleep(0.2)
        return False

    def stop(self) -> None:
        if self.running():
            self._call("pg_ctl", "stop", "-D", self.data, "-m", "fast", "-w", "-s")

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _create(self) -> None:
        with step("初始化 PostgreSQL 数据目录"):
            shutil.rmtree(self.data, ignore_errors=True)
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            sync = ["--no-sync"] if self.throwaway else []
            self._call("initdb", "-D", self.data, "-U", SUPERUSER, "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust",
                       *sync)
            main = self.data / "postgresql.conf"
            main.write_text(main.read_text() + "\ninclude_if_exists = 'ctsp.conf'\n")

    def _configure(self) -> None:
        name = "test.conf" if self.throwaway else "development.conf"
        text = (paths.CONFIG / "postgresql" / name).read_text(encoding="utf-8")
        text += f"listen_addresses = ''\nunix_socket_directories = '{self.socket}'\n"
        target = self.data / "ctsp.conf"
        target.write_text(text, encoding="utf-8")
        shutil.copystat(self.data / "postgresql.conf", target)
        if os.geteuid() == 0:
            owner = self.data.stat()
            os.chown(target, owner.st_uid, owner.st_gid)
            os.chown(self.socket, owner.st_uid, owner.st_gid)

    def _command(self, program: str, *arguments) -> list[str]:
        return [*unprivileged.prefix(self.folder), str(binaries() / program), *map(str, arguments)]

    def _call(self, program: str, *arguments, **texts) -> None:
        process.run(self._command(program, *arguments), log="postgres", env=environment(binaries()), cwd="/", **texts)

    def _exit_code(self, program: str, *arguments) -> int:
        command = self._command(program, *arguments)
        return subprocess.run(
            command, env=environment(binaries()), cwd="/", capture_output=True, check=False
        ).returncode


def short_folder(wanted: Path) -> Path:
    """A socket's path may not exceed 107 bytes: deep checkouts get a short folder of their own."""
    if len(os.fsencode(wanted / ".s.PGSQL.5432")) <= SOCKET_LIMIT:
        return wanted
    digest = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:10]
    return Path(tempfile.gettempdir()) / f"ctsp-{os.getuid()}-{digest}"


"""Odoo as a program: configuration files and command lines."""
import configparser
import json
import os
import re
import subprocess
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import addons, console, paths, process, venv
from .database import Server
from .errors import Problem

INSIDE = Path(__file__).parent / "inside"
LOADING = re.compile(r"Loading module (\S+) \((\d+)/(\d+)\)")


@dataclass
class Odoo:
    """Odoo over one database server, with the settings of one file of config/odoo."""

    server: Server
    template: str = "development"
    data: Path = Path(os.environ.get("CTSP_DATA") or paths.VAR / "odoo")

    @property
    def config(self) -> Path:
        return paths.VAR / f"{self.template}.conf"

    def write_config(self, **values: str) -> None:
        parser = configparser.ConfigParser(interpolation=None)
        parser.read(paths.CONFIG / "odoo" / f"{self.template}.conf", encoding="utf-8")
        login = self.server.odoo
        values |= {"db_host": self.server.host, "db_port": self.server.port, "db_user": login.user,
                   "data_dir": str(self.data)}
        if login.password:
            values["db_password"] = login.password
        if os.environ.get("CTSP_HTTP_INTERFACE"):  # inside a container the outside is its own network
            values["http_interface"] = os.environ["CTSP_HTTP_INTERFACE"]
        if any(paths.ADDONS.glob("*/__manifest__.py")):
            values["addons_path"] = str(paths.ADDONS)
        parser["options"].update(values)
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.config.touch(mode=0o600)
        with self.config.open("w", encoding="utf-8") as stream:
            parser.write(stream)

    def command(self, *arguments, subcommand: str = "server") -> list[str]:
        # not from the checkout: a folder called odoo in it would hide the real one
        return [str(venv.PYTHON), str(venv.ODOO), subcommand, "-c", str(self.config), *map(str, arguments)]

    def call(self, *arguments, log: Path, subcommand: str = "server", stdin: str | None = None,
             env: dict | None = None) -> int:
        """Run to the end with all output in `log`; return the exit code."""
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as stream, progress(log):
            return subprocess.run(
                self.command(*arguments, subcommand=subcommand), input=stdin, text=True, cwd=paths.VAR,
                stdout=stream, stderr=subprocess.STDOUT, env=process.clean_env(**(env or {})), check=False,
            ).returncode

    def change_modules(self, database: str, *, install=(), update=(), log: Path, first: bool = False) -> None:
        """Install and update modules; the append-only tables come first."""
        ours = addons.read()
        self.server.apply_owner_sql(database, [ours[n] for n in addons.closure(ours, [*install, *update])])
        options = ["-d", database, "--stop-after-init", "--no-http", "--skip-auto-install"]
        options += ["-i", ",".join(install)] if install else []
        options += ["-u", ",".join(update)] if update else []
        options += ["--load-language=zh_CN"] if first else []
        offset = log.stat().st_size if log.exists() else 0
        code = self.call(*options, log=log)
        errors = failures(log, offset)
        if code or errors:
            raise Problem(
                f"模块安装或更新失败：{', '.join([*install, *update])}",
                f"详细输出见 {process.relative(log)}", "\n".join(errors[-25:]) or tail(log),
            )

    def script(self, name: str, database: str, log: Path, **parameters) -> None:
        """Run a file of kit/inside in an Odoo shell; it finds its parameters in CTSP_PARAMETERS."""
        code = self.call(
            "-d", database, "--no-http", subcommand="shell", log=log,
            stdin=(INSIDE / f"{name}.py").read_text(encoding="utf-8"),
            env={"CTSP_PARAMETERS": json.dumps(parameters)},
        )
        if code:
            raise Problem(f"步骤 {name} 失败", f"详细输出见 {process.relative(log)}", tail(log))

    def filestore(self, database: str) -> Path:
        return self.data / "filestore" / database


@contextmanager
def progress(log: Path):
    """Where somebody watches, show which module Odoo is loading."""
    done = threading.Event()

    def watch(offset: int) -> None:
        while not done.wait(0.5):
            with log.open(encoding="utf-8", errors="replace") as stream:
                stream.seek(offset)
                found = LOADING.findall(stream.read())
            console.transient("{} {}/{}".format(*found[-1]) if found else "")
        console.transient("")

    watcher = threading.Thread(target=watch, args=[log.stat().st_size], daemon=True)
    if console.interactive():
        watcher.start()
    try:
        yield
    finally:
        done.set()
        if watcher.is_alive():
            watcher.join()


def failures(log: Path, offset: int = 0) -> list[str]:
    """Lines of errors, with the traceback that follows them."""
    found, inside = [], False
    with log.open(encoding="utf-8", errors="replace") as stream:
        stream.seek(offset)
        for line in stream:
            if " ERROR " in line or " CRITICAL " in line:
                inside = True
            elif inside and any(f" {level} " in line for level in ("INFO", "WARNING", "DEBUG")):
                inside = False
            if inside:
                found.append(line.rstrip())
    return found


def tail(log: Path, lines: int = 20) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])

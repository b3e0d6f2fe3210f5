"""Run other programs: output goes to a log, the end of the log into the error."""
import errno
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from . import paths
from .errors import NO_SPACE, Problem

FULL = os.strerror(errno.ENOSPC)


def clean_env(**extra: str) -> dict:
    """The caller's environment without what would redirect Python or PostgreSQL; `ctsp_crypto` is this checkout's, and
    so is the root key where none is named.
    """
    dropped = ("PYTHONPATH", "PYTHONHOME", "PGDATABASE", "PGUSER", "PGPASSWORD", "PGHOST", "PGPORT", "ODOO_RC")
    env = {key: value for key, value in os.environ.items() if key not in dropped}
    env.setdefault("CTSP_CRYPTO_ROOT", str(paths.VAR / "keys" / "root.json"))
    return env | {"PYTHONPATH": str(paths.CRYPTO / "src")} | extra


def run(command: Sequence, *, log: str = "setup", problem: str = "", remedy: str = "", **options) -> str:
    """Run to the end, return stdout. On failure raise a Problem that shows the last lines."""
    options.setdefault("env", clean_env())
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, errors="replace", check=False, **options
    )
    record(log, command, done.stdout + done.stderr)
    if done.returncode:
        if FULL in done.stderr:
            remedy = NO_SPACE
        tail = "\n".join((done.stdout + "\n" + done.stderr).strip().splitlines()[-15:])
        raise Problem(
            problem or f"命令失败（{done.returncode}）：{Path(str(command[0])).name}",
            remedy or f"详细输出见 {relative(paths.LOGS / (log + '.log'))}",
            tail,
        )
    return done.stdout


def record(log: str, command: Sequence, output: str) -> None:
    paths.ensure_var()
    with (paths.LOGS / f"{log}.log").open("a", encoding="utf-8") as stream:
        stream.write(f"$ {' '.join(str(part) for part in command)}\n{output}\n")


def relative(path: Path) -> str:
    return str(path.relative_to(paths.ROOT)) if path.is_relative_to(paths.ROOT) else str(path)

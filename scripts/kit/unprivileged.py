"""PostgreSQL refuses to run as root: drop to an ordinary user.

A user namespace needs neither a second account nor the right to traverse the checkout's parents; where it is
forbidden (containers), setpriv to an existing account does the same if the folder can be reached.
"""
import functools
import os
import pwd
import shutil
import subprocess
from pathlib import Path

from .errors import Problem

NAMESPACE = ("unshare", "--user", "--map-user=1000", "--")
ACCOUNTS = ("postgres", "nobody")


@functools.cache
def prefix(folder: Path) -> tuple[str, ...]:
    """What to put before a command that works on `folder` and must not run as root."""
    if os.geteuid() != 0:
        return ()
    if shutil.which("unshare") and succeeds(*NAMESPACE, "true"):
        return NAMESPACE
    for account in ACCOUNTS:
        drop = ("setpriv", f"--reuid={account}", f"--regid={account_group(account)}", "--clear-groups", "--")
        if shutil.which("setpriv") and succeeds(*drop, "test", "-x", str(folder.parent)):
            hand_over(folder, account)
            return drop
    raise Problem(
        "以 root 运行时无法降权启动 PostgreSQL",
        "请改用普通用户运行；或执行 chmod o+x 使该目录可进入；或用 CTSP_DB_HOST 等变量指定已有的数据库",
    )


def succeeds(*command: str) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def account_group(account: str) -> int:
    try:
        return pwd.getpwnam(account).pw_gid
    except KeyError:
        return 65534


def hand_over(folder: Path, account: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for path in [folder, *folder.rglob("*")]:
        shutil.chown(path, account)

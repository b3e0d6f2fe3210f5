"""Packages of the host: installed when root, asked for otherwise."""
import os
import shutil
import subprocess

from . import apt, process
from .console import say, step
from .errors import Problem

PRINTING = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-noto-cjk")
# gcc builds the software device that the tests of crypto/ talk to
TESTING = (*PRINTING, "chromium", "poppler-utils", "gcc", "libc6-dev")


def missing(packages) -> list[str]:
    if not shutil.which("dpkg-query"):
        return []
    done = subprocess.run(
        ["dpkg-query", "-W", "-f", "${db:Status-Status} ${Package}\n", *packages],
        capture_output=True, text=True, check=False,
    )
    present = {line.split()[1] for line in done.stdout.splitlines() if line.startswith("installed ")}
    return [name for name in packages if name not in present]


def ensure_for_printing() -> None:
    """The platform runs without these; only PDF output needs them."""
    absent = missing(PRINTING)
    if absent and apt.is_root():
        install(absent)
    elif absent:
        say(f"  提示：打印 PDF 需要系统软件包，请管理员执行：apt-get install {' '.join(absent)}")


def ensure_for_tests() -> None:
    absent = missing(TESTING)
    if absent and not apt.is_root():
        raise Problem(f"测试需要系统软件包：{'、'.join(absent)}", f"请管理员执行：apt-get install {' '.join(absent)}")
    if absent:
        install(absent)


def install(packages: list[str]) -> None:
    with step(f"安装系统软件包：{'、'.join(packages)}"):
        env = process.clean_env(DEBIAN_FRONTEND="noninteractive", LC_ALL="C", PATH=os.environ["PATH"])
        wait = ["-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3"]
        process.run(["apt-get", "update", "-q", *wait], env=env, problem="无法读取软件源目录", remedy=apt.NO_NETWORK)
        process.run(
            ["apt-get", "install", "-y", "-q", "--no-install-recommends", *wait, *packages],
            env=env, problem="无法安装系统软件包", remedy=apt.NO_NETWORK,
        )

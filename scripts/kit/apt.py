"""A private apt: downloads Debian packages without touching the host's own apt configuration.

Address and keyring are read from the machine's own Debian sources; see docs/decisions/0001.
"""
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from . import process
from .errors import Problem

NO_NETWORK = "请检查网络或代理是否能访问本机的软件源；也可用环境变量 ODOO_HOME 指向已有的 Odoo 19 源码"


@dataclass(frozen=True)
class Source:
    """One Debian archive as the machine knows it."""

    uri: str
    suites: tuple[str, ...]
    keyring: str = ""


def parse_deb822(text: str) -> list[Source]:
    sources = []
    for block in re.split(r"\n\s*\n", text):
        fields = {}
        for line in block.splitlines():
            if not line.startswith(("#", " ")) and ":" in line:
                key, value = line.split(":", 1)
                fields[key.strip().lower()] = value.strip()
        if "deb" in fields.get("types", "").split() and "main" in fields.get("components", "").split():
            sources += [
                Source(uri, tuple(fields.get("suites", "").split()), fields.get("signed-by", ""))
                for uri in fields.get("uris", "").split()
            ]
    return sources


def parse_one_line(text: str) -> list[Source]:
    pattern = re.compile(r"^deb\s+(?:\[(?P<options>[^]]*)\]\s+)?(?P<uri>\S+)\s+(?P<suite>\S+)\s+(?P<components>.+)$")
    sources = []
    for line in text.splitlines():
        match = pattern.match(line.strip())
        if match and "main" in match["components"].split():
            keyring = re.search(r"signed-by=(\S+)", match["options"] or "")
            sources.append(Source(match["uri"], (match["suite"],), keyring[1] if keyring else ""))
    return sources


def machine_source(etc: Path = Path("/etc/apt")) -> tuple[Source, str]:
    """The machine's Debian archive and the name of its release."""
    codename = host_codename()
    sources = []
    for path in [etc / "sources.list", *sorted((etc / "sources.list.d").glob("*"))]:
        if path.suffix in (".list", ".sources") and path.is_file():
            parse = parse_deb822 if path.suffix == ".sources" else parse_one_line
            sources += parse(path.read_text(encoding="utf-8", errors="replace"))
    for source in sources:
        if codename in source.suites and "security" not in source.uri:
            return source, codename
    raise Problem(
        "在本机的 apt 配置中找不到 Debian 主软件源",
        "请在 Debian 12 及以上版本运行，或用 ODOO_HOME 指向已有的 Odoo 19 源码",
    )


def host_codename(path: Path = Path("/etc/os-release")) -> str:
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    match = re.search(r'^VERSION_CODENAME="?([a-z]+)', text, re.M)
    return match[1] if match else ""


class PrivateApt:
    """An apt with its own lists and cache under `folder`, over the given suites."""

    def __init__(self, folder: Path, suites: Iterable[str]):
        if not shutil.which("apt-get"):
            raise Problem("本机没有 apt-get，无法自动获取 Odoo 19", "请用 ODOO_HOME 指向已有的 Odoo 19 源码")
        self.folder = folder
        self.env = process.clean_env(APT_CONFIG=str(self._configure(list(suites))), LC_ALL="C")

    def _configure(self, suites: list[str]) -> Path:
        source, _codename = machine_source()
        for part in ("lists/partial", "cache/archives/partial", "sources", "empty"):
            (self.folder / part).mkdir(parents=True, exist_ok=True)
        signed = f"Signed-By: {source.keyring}\n" if source.keyring else ""
        (self.folder / "sources" / "private.sources").write_text(
            f"Types: deb\nURIs: {source.uri}\nSuites: {' '.join(suites)}\nComponents: main\n{signed}",
            encoding="utf-8",
        )
        settings = {
            "Dir::Etc::sourcelist": "/dev/null",
            "Dir::Etc::sourceparts": self.folder / "sources",
            "Dir::Etc::preferences": "/dev/null",
            "Dir::Etc::preferencesparts": self.folder / "empty",
            "Dir::State::lists": self.folder / "lists",
            "Dir::Cache": self.folder / "cache",
            "APT::Sandbox::User": "",
            "Acquire::Languages": "none",
            "Acquire::Retries": "3",
        }
        path = self.folder / "apt.conf"
        path.write_text("".join(f'{key} "{value}";\n' for key, value in settings.items()), encoding="utf-8")
        return path

    def update(self) -> None:
        process.run(
            ["apt-get", "update", "-q", "--error-on=any"],
            env=self.env, problem="无法读取 Debian 软件源目录", remedy=NO_NETWORK,
        )

    def missing_packages(self, *names: str) -> list[str]:
        """What an installation of these would add to this host."""
        out = process.run(["apt-get", "-s", "install", "--no-install-recommends", *names], env=self.env)
        return re.findall(r"^Inst (\S+)", out, re.M)

    def download(self, *names: str) -> list[Path]:
        target = self.folder / "debs"
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        process.run(
            ["apt-get", "download", "-q", *names],
            env=self.env, cwd=target, problem="无法下载 Debian 软件包：" + "、".join(names), remedy=NO_NETWORK,
        )
        return sorted(target.glob("*.deb"))


def unpack(package: Path, prefix: Path, exclude: Iterable[str] = ()) -> None:
    """Unpack a package below `prefix` without installing it."""
    prefix.mkdir(parents=True, exist_ok=True)
    options = [f"--exclude={pattern}" for pattern in exclude]
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(package)], stdout=subprocess.PIPE) as reader:
        process.run(
            ["tar", "-x", "--no-same-owner", "--wildcards", "-C", prefix, *options],
            stdin=reader.stdout, problem=f"无法解包 {package.name}",
        )
    if reader.returncode:
        raise Problem(f"软件包损坏：{package.name}", "请重试")


def is_root() -> bool:
    return os.geteuid() == 0

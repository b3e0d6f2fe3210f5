"""The configuration of sealing: a TOML file that says what is watched (an example: config/seal.toml).

Errors are `SettingsError` with a sentence in Chinese that names file and key.
"""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from .clocks import FORMATS

ACCESS_KINDS = ("passwd", "shadow", "group", "gshadow", "sudoers", "sshd_config", "authorized_keys", "text")
NAME = re.compile(r"[\w.-]{1,64}")


class SettingsError(Exception):
    """The configuration cannot be used."""


@dataclass(frozen=True)
class LogSource:
    """One log file with everything rotation makes of it. `retain_days`: how long its files must be there (law: six
    months and more).
    """

    name: str
    path: Path
    format: str = ""
    rotated: tuple[str, ...] = ()
    retain_days: int = 180
    clock_tolerance: float = 120.0
    optional: bool = False

    def patterns(self) -> tuple[str, ...]:
        return self.rotated or (f"{self.path}.*", f"{self.path}-*")


@dataclass(frozen=True)
class FileSource:
    """Access-control files that are kept as whole snapshots. `path` may hold * and ?."""

    name: str
    path: str
    kind: str = "text"
    optional: bool = False


@dataclass(frozen=True)
class Settings:
    state: Path
    checkpoints: Path
    key: Path
    host: str = ""
    report: Path | None = None
    signing_key: Path | None = None
    certificate: Path | None = None
    clock_tolerance: float = 120.0
    logs: tuple[LogSource, ...] = ()
    files: tuple[FileSource, ...] = ()
    origin: Path = field(default=Path())


def load(path: Path) -> Settings:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"无法读取配置文件 {path}：{error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"配置文件 {path} 不是有效的 TOML：{error}") from error
    return read(data, path)


def read(data: dict, origin: Path = Path("seal.toml")) -> Settings:
    reader = _Reader(origin)
    reader.known(data, {"seal", "log", "file"}, "顶层")
    seal = reader.table(data, "seal")
    reader.known(seal, set(Settings.__dataclass_fields__) - {"logs", "files", "origin"}, "[seal]")
    logs = [source for table in reader.tables(data, "log") for source in reader.log(table)]
    files = [reader.file(table) for table in reader.tables(data, "file")]
    reader.unique([source.name for source in (*logs, *files)])
    if not logs and not files:
        raise reader.error("没有登记任何日志（[[log]]）或访问控制文件（[[file]]）")
    return Settings(
        state=Path(reader.text(seal, "state", "[seal]")),
        checkpoints=Path(reader.text(seal, "checkpoints", "[seal]")),
        key=Path(reader.text(seal, "key", "[seal]")),
        host=seal.get("host", ""),
        **{name: Path(seal[name]) for name in ("report", "signing_key", "certificate") if seal.get(name)},
        clock_tolerance=float(seal.get("clock_tolerance", 120)),
        logs=tuple(logs),
        files=tuple(files),
        origin=origin,
    )


class _Reader:
    """Takes tables apart and complains with their name."""

    def __init__(self, origin: Path):
        self.origin = origin

    def error(self, text: str) -> SettingsError:
        return SettingsError(f"配置文件 {self.origin}：{text}")

    def known(self, table: dict, names: set[str], where: str) -> None:
        for name in table.keys() - names:
            raise self.error(f"{where} 中有不认识的项 {name!r}")

    def table(self, data: dict, name: str) -> dict:
        if not isinstance(data.get(name), dict):
            raise self.error(f"缺少 [{name}] 一节")
        return data[name]

    def tables(self, data: dict, name: str) -> list[dict]:
        found = data.get(name, [])
        if not isinstance(found, list):
            raise self.error(f"{name} 应写作 [[{name}]]")
        return found

    def text(self, table: dict, name: str, where: str) -> str:
        value = table.get(name)
        if not isinstance(value, str) or not value:
            raise self.error(f"{where} 缺少 {name}")
        return value

    def name(self, table: dict, where: str) -> str:
        name = self.text(table, "name", where)
        if not NAME.fullmatch(name) or name.startswith("."):
            raise self.error(f"{where} 的 name {name!r} 只能由字母、汉字、数字、点、横线组成，最多 64 个字")
        return name

    def log(self, table: dict) -> list[LogSource]:
        name = self.name(table, "[[log]]")
        where = f"[[log]] {name}"
        self.known(table, set(LogSource.__dataclass_fields__), where)
        path = self.text(table, "path", where)
        options = {key: table[key] for key in ("format", "retain_days", "clock_tolerance", "optional") if key in table}
        if options.get("format", "") not in ("", *FORMATS):
            raise self.error(f"{where} 的 format 只能是 {'、'.join(FORMATS)}")
        options["rotated"] = tuple(table.get("rotated", ()))
        if not any(sign in path for sign in "*?["):
            return [LogSource(name, Path(path), **options)]
        return [
            LogSource(f"{name}.{found.name}", found, **options) for found in self._matching(path, options["rotated"])
        ]

    @staticmethod
    def _matching(pattern: str, rotated: tuple[str, ...]) -> list[Path]:
        """Logs that a pattern names, without what rotation made of them."""
        found = sorted(expand(pattern))
        names = {str(path) for path in found}
        kept = []
        for path in found:
            stems = {str(path)[:at] for at, sign in enumerate(str(path)) if sign in ".-"}
            if not stems & names and not any(path.match(glob) for glob in rotated):
                kept.append(path)
        return kept

    def file(self, table: dict) -> FileSource:
        name = self.name(table, "[[file]]")
        where = f"[[file]] {name}"
        self.known(table, set(FileSource.__dataclass_fields__), where)
        source = FileSource(
            name, self.text(table, "path", where), table.get("kind", "text"), bool(table.get("optional", False))
        )
        if source.kind not in ACCESS_KINDS:
            raise self.error(f"{where} 的 kind 只能是 {'、'.join(ACCESS_KINDS)}")
        return source

    def unique(self, names: list[str]) -> None:
        for name in names:
            if names.count(name) > 1:
                raise self.error(f"名称 {name!r} 重复")


def expand(pattern: str) -> list[Path]:
    """Files (not folders) that match an absolute pattern."""
    path = Path(pattern)
    if not any(sign in pattern for sign in "*?["):
        return [path] if path.is_file() else []
    root = Path(path.anchor or ".")
    return [found for found in root.glob(str(path.relative_to(root) if path.anchor else path)) if found.is_file()]

"""Our addons as their manifests describe them: order, closure and content hashes. No database needed."""
import ast
import functools
import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from . import paths
from .errors import Problem

EVERYTHING = "ctsp_all"
TEST_ONLY = "ctsp_test_"


@dataclass(frozen=True)
class Addon:
    """One folder of addons/ with its manifest."""

    name: str
    folder: Path
    manifest: dict = field(compare=False, hash=False)

    @property
    def depends(self) -> tuple[str, ...]:
        return tuple(self.manifest.get("depends") or ["base"])

    @property
    def owner_sql(self) -> list[Path]:
        """Idempotent SQL that creates tables Odoo may not alter; runs as the second database role."""
        return sorted((self.folder / "sql" / "owner").glob("*.sql"))

    @functools.cached_property
    def digest(self) -> str:
        """A hash of every file that can change what the addon does."""
        total = hashlib.sha256()
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                total.update(str(path.relative_to(self.folder)).encode() + b"\0" + path.read_bytes() + b"\0")
        return total.hexdigest()


def read(root: Path = paths.ADDONS) -> dict[str, Addon]:
    """Every addon, dependencies first."""
    addons = {}
    for manifest in sorted(root.glob("*/__manifest__.py")):
        try:
            content = ast.literal_eval(manifest.read_text(encoding="utf-8"))
        except (SyntaxError, ValueError) as error:
            raise Problem(f"{manifest.parent.name}/__manifest__.py 无法解析：{error}", "请修正该文件") from error
        if content.get("installable", True):
            addons[manifest.parent.name] = Addon(manifest.parent.name, manifest.parent, content)
    return {name: addons[name] for name in ordered(addons)}


def ordered(addons: dict[str, Addon]) -> list[str]:
    done: list[str] = []
    visiting: list[str] = []

    def visit(name: str) -> None:
        if name in visiting:
            raise Problem("addons 循环依赖：" + " → ".join([*visiting, name]), "请从清单 depends 中去掉一条依赖")
        if name not in done:
            visiting.append(name)
            for dependency in sorted(addons[name].depends):
                if dependency in addons:
                    visit(dependency)
            visiting.remove(name)
            done.append(name)

    for name in sorted(addons):
        visit(name)
    return done


def closure(addons: dict[str, Addon], names) -> list[str]:
    """Ours among the dependencies of `names`, `names` included, dependencies first."""
    wanted: set[str] = set()
    todo = list(names)
    while todo:
        name = todo.pop()
        if name in addons and name not in wanted:
            wanted.add(name)
            todo += addons[name].depends
    return [name for name in addons if name in wanted]


def core_depends(addons: dict[str, Addon], names) -> list[str]:
    """Odoo's own modules that `names` depend on."""
    return sorted({dependency for name in names for dependency in addons[name].depends} - addons.keys())


def fingerprint(addons: dict[str, Addon], names) -> str:
    text = "\n".join(f"{name} {addons[name].digest}" for name in names)
    return hashlib.sha256(text.encode()).hexdigest()


def platform(addons: dict[str, Addon]) -> dict[str, Addon]:
    """Without the addons that exist for tests only."""
    return {name: addon for name, addon in addons.items() if not name.startswith(TEST_ONLY)}


def top_modules(addons: dict[str, Addon]) -> list[str]:
    """What to install for the whole platform."""
    return [EVERYTHING] if EVERYTHING in addons else list(platform(addons))

"""The laws of the house, as functions over manifests and sources. Each returns sentences about what breaks it."""
import ast
import re
from collections.abc import Iterable
from pathlib import Path

ALL = "ctsp_all"
CONNECTOR = "ctsp_connector_"
TEST_ONLY = "ctsp_test_"
# Engines sit low: they know no institution, no trial, no filing.
ENGINES = frozenset(
    {"ctsp_base", "ctsp_audit", "ctsp_risk", "ctsp_exchange", "ctsp_dataset", "ctsp_crypto", "ctsp_auth", "ctsp_studio",
     "ctsp_document"}
)
OUR_LICENSE = "LGPL-3"
FREE_LICENSES = frozenset({"LGPL-3", "LGPL-2", "MIT", "BSD", "Apache-2.0"})
REQUIRED_FILES = ("i18n/zh_CN.po",)
FILE_LINES, METHOD_LINES = 275, 33
TEST_FILE_LINES, TEST_METHOD_LINES = 400, 60


def closure(name: str, depends: dict[str, Iterable[str]]) -> set[str]:
    """Every addon that `name` depends on, itself included."""
    found, todo = set(), [name]
    while todo:
        current = todo.pop()
        if current not in found:
            found.add(current)
            todo += depends.get(current, ())
    return found


def engines_sit_low(depends: dict[str, Iterable[str]]) -> list[str]:
    """An engine depends on Odoo or on another engine, never on an addon that holds a domain."""
    return [
        f"{name} is an engine but depends on {other}"
        for name in sorted(ENGINES & depends.keys())
        for other in sorted(depends[name])
        if other in depends and other not in ENGINES
    ]


def nobody_depends_on_connectors(depends: dict[str, Iterable[str]]) -> list[str]:
    """Domain addons emit events; connectors, above them, listen."""
    return [
        f"{name} depends on the connector {other}"
        for name in sorted(depends)
        for other in sorted(depends[name])
        if other.startswith(CONNECTOR) and not name.startswith((CONNECTOR, TEST_ONLY)) and name != ALL
    ]


def nothing_rests_on_tests(depends: dict[str, Iterable[str]]) -> list[str]:
    return [
        f"{name} depends on {other}, which exists for tests only"
        for name in sorted(depends)
        for other in sorted(depends[name])
        if other.startswith(TEST_ONLY) and not name.startswith(TEST_ONLY)
    ]


def everything_is_in_all(depends: dict[str, Iterable[str]]) -> list[str]:
    if ALL not in depends:
        return []
    installed = closure(ALL, depends)
    return [
        f"{ALL} does not install {name}"
        for name in sorted(depends)
        if name not in installed and not name.startswith(TEST_ONLY)
    ]


def licenses_are_free(licenses: dict[str, str], ours: Iterable[str]) -> list[str]:
    """Ours are LGPL-3; what we depend on must leave the result to its owner."""
    ours = set(ours)
    return [
        f"{name} has the license {license_name}"
        for name, license_name in sorted(licenses.items())
        if license_name not in ({OUR_LICENSE} if name in ours else FREE_LICENSES)
    ]


def imports(source: str) -> set[str]:
    """Addons that a source file imports from."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        modules = [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        if modules == ["odoo.addons"]:
            modules = [f"odoo.addons.{alias.name}" for alias in node.names]
        found |= {match[1] for module in modules if (match := re.match(r"odoo\.addons\.(\w+)", module))}
    return found


def imports_follow_depends(name: str, source: str, depends: dict[str, Iterable[str]]) -> list[str]:
    """A file may import only what its addon depends on: otherwise the addon does not install alone."""
    return [
        f"imports {other}, which {name} does not depend on"
        for other in sorted(imports(source) - closure(name, depends))
    ]


def is_test(path: Path) -> bool:
    return "tests" in path.parts


def files_stay_small(path: Path, source: str) -> list[str]:
    limit = TEST_FILE_LINES if is_test(path) else FILE_LINES
    lines = source.count("\n")
    return [f"{lines} lines, {limit} allowed"] if lines > limit else []


def methods_stay_small(path: Path, source: str) -> list[str]:
    """Length without the docstring: an explanation is not what makes a method long."""
    limit = TEST_METHOD_LINES if is_test(path) else METHOD_LINES
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = node.end_lineno - node.lineno + 1
            if ast.get_docstring(node):
                length -= node.body[0].end_lineno - node.body[0].lineno + 1
            if length > limit:
                found.append(f"{node.name} has {length} lines, {limit} allowed")
    return found


def models_say_what_they_are(source: str) -> list[str]:
    """Every class that defines a model has a docstring."""
    return [
        f"{node.name} has no docstring"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ClassDef)
        and not ast.get_docstring(node)
        and any(
            isinstance(line, ast.Assign) and getattr(line.targets[0], "id", "") == "_name" for line in node.body
        )
    ]

"""The stages that need no database: lint, laws and the tests of the scripts themselves."""
import subprocess
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from .. import paths, process, venv
from .results import Outcome

BIN = paths.VENV / "bin"
DOCKERFILE = paths.ROOT / "docker" / "Dockerfile"
SHOWN = 40
REASON, WIDTH = 12, 240


def lint() -> list[Outcome]:
    outcomes = [
        tool("ruff", BIN / "ruff", "check", "."),
        tool("pylint-odoo", BIN / "pylint", "--rcfile=.pylintrc", *addon_folders()),
    ]
    if DOCKERFILE.exists():
        outcomes.append(tool("hadolint", BIN / "hadolint", DOCKERFILE))
    return outcomes


def addon_folders() -> list[Path]:
    return sorted(path.parent for path in paths.ADDONS.glob("*/__manifest__.py"))


def tool(name: str, *command) -> Outcome:
    """A linter: one test, red when it has anything to say."""
    outcome = Outcome(name)
    started = time.monotonic()
    done = subprocess.run(
        [str(part) for part in command], cwd=paths.ROOT, capture_output=True, text=True,
        env=process.clean_env(), check=False,
    )
    if done.returncode:
        outcome.fail(*(done.stdout + done.stderr).splitlines()[:SHOWN])
    else:
        outcome.passed = 1
    outcome.seconds = time.monotonic() - started
    return outcome


def architecture() -> list[Outcome]:
    return [pytest("架构规则", paths.ROOT / "tests" / "architecture")]


def scripts() -> list[Outcome]:
    return [pytest("脚本", paths.ROOT / "tests" / "scripts")]


def packages() -> list[Outcome]:
    """Plain Python packages of ours, each with its own tests."""
    return [pytest(path.parent.name, path) for path in sorted(paths.ROOT.glob("crypto/tests"))]


def pytest(title: str, folder: Path, *options: str, **environment: str) -> Outcome:
    outcome = Outcome(title)
    started = time.monotonic()
    paths.ensure_var()
    report = paths.VAR / "log" / f"pytest-{folder.name}.xml"
    report.unlink(missing_ok=True)
    done = subprocess.run(
        [str(venv.PYTHON), "-m", "pytest", str(folder), "-q", "--tb=short", "-p", "no:cacheprovider",
         f"--junitxml={report}", *options],
        cwd=paths.ROOT, capture_output=True, text=True, env=process.clean_env(**environment), check=False,
    )
    count(outcome, report)
    if done.returncode and not outcome.failed:
        outcome.failed += 1
    if done.returncode:
        outcome.details += (done.stdout + done.stderr).splitlines()[-150:] + failures(report)
    outcome.seconds = time.monotonic() - started
    return outcome


def count(outcome: Outcome, report: Path) -> None:
    if not report.exists():
        return
    for suite in ElementTree.parse(report).getroot().iter("testsuite"):
        number = {key: int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped")}
        outcome.failed += number["failures"] + number["errors"]
        outcome.skipped += number["skipped"]
        outcome.passed += max(number["tests"] - number["failures"] - number["errors"] - number["skipped"], 0)


def failures(report: Path) -> list[str]:
    """Name what failed, each with the beginning of its reason: pages of output may lie between the two."""
    if not report.exists():
        return []
    lines = []
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        for verdict in (*case.iter("failure"), *case.iter("error")):
            reason = (verdict.get("message") or "").splitlines()[:REASON]
            lines += ["", f"✗ {case.get('classname')}.{case.get('name')}", *(f"  {line[:WIDTH]}" for line in reason)]
    return lines

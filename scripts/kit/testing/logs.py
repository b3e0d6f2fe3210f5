"""Read an Odoo log the way a reviewer would: every warning and error needs a reason."""
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from .. import paths

ALLOWED = paths.ROOT / "tests" / "allowed_log_lines.toml"
LINE = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ (?P<level>[A-Z]+) (?P<database>\S+) (?P<logger>\S+): (?P<text>.*)$"
)
STAMP = len("2026-01-01 00:00:00,000")
SUMMARY = "odoo.tests.result"  # counted, not complained about
BAD = ("WARNING", "ERROR", "CRITICAL")
REPORT = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests when loading")
STARTING = re.compile(r" INFO \S+ odoo\.addons\.(?P<addon>\w+)\.tests\.\S+: Starting \S+\.test\S* \.\.\.")
VERDICT = re.compile(r"(?:FAIL|ERROR): (?:Subtest )?(?P<test>\S+(?: \(odoo\S+)?)")


@dataclass(frozen=True)
class Allowed:
    """A line that may appear, with the reason why."""

    logger: str
    pattern: str
    reason: str
    level: str = ""
    scope: str = ""

    def matches(self, level: str, logger: str, text: str, scope: str) -> bool:
        return (
            self.level in ("", level)
            and self.scope in ("", scope)
            and bool(re.fullmatch(self.logger, logger))
            and bool(re.search(self.pattern, text, re.S))
        )


def allow_list(path: Path = ALLOWED) -> list[Allowed]:
    if not path.exists():
        return []
    return [Allowed(**entry) for entry in tomllib.loads(path.read_text(encoding="utf-8")).get("allow", [])]


def entries(lines: Iterable[str]):
    """(level, logger, text with its traceback) for every entry."""
    current = None
    for line in lines:
        match = LINE.match(line)
        if match:
            if current:
                yield tuple(current)
            current = [match["level"], match["logger"], match["text"].rstrip()]
        elif current:
            current[2] += "\n" + line.rstrip()
    if current:
        yield tuple(current)


def complaints(lines: Iterable[str], allowed: list[Allowed] | None = None, scope: str = "") -> list[str]:
    """Warnings and errors that nobody has excused."""
    allowed = allow_list() if allowed is None else allowed
    return [
        f"{level} {logger}: {text}"
        for level, logger, text in entries(lines)
        if level in BAD and logger != SUMMARY and not any(
            entry.matches(level, logger, text, scope) for entry in allowed
        )
    ]


def counts(text: str) -> tuple[int, int]:
    """(run, failed) as Odoo reports them; failing sub-tests count once per test at most."""
    run = failed = 0
    for match in REPORT.finditer(text):
        failures, errors, tests = map(int, match.groups())
        run += tests
        failed += min(max(failures + errors, 0), tests) if tests else failures + errors
    return run, failed


def parts(lines: Iterable[str], addons: list[str]) -> dict[str, list[str]]:
    """The log of several addons' tests, cut where those of another begin; what comes before all is the first's."""
    found: dict[str, list[str]] = {name: [] for name in addons}
    current = found[addons[0]]
    for line in lines:
        match = STARTING.search(line)
        current = found.get(match["addon"], current) if match else current
        current.append(line)
    return found


def tests(lines: list[str]) -> tuple[int, int]:
    """(run, failed) in a part of a log; a class that could not be set up counts as one that failed."""
    run = sum(bool(STARTING.search(line)) for line in lines)
    failed = {match["test"] for level, _logger, text in entries(lines)
              if level == "ERROR" and (match := VERDICT.match(text))}
    return run, len(failed)


def seconds(lines: list[str]) -> float:
    """How long the part of a log took."""
    times = [datetime.fromisoformat(line[:STAMP]) for line in lines if LINE.match(line)]
    return (times[-1] - times[0]).total_seconds() if times else 0

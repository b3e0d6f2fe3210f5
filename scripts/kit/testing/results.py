"""What a stage found: counts, time and the lines worth reading."""
from dataclasses import dataclass, field


@dataclass
class Outcome:
    """Result of one piece of work. Zero tests passed is a failure too: nothing was proved."""

    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    details: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.failed and self.passed > 0

    def fail(self, *details: str) -> None:
        self.failed += 1
        self.details += details


def total(outcomes: list[Outcome]) -> str:
    """The closing line, in the form that any reader of test output understands."""
    passed = sum(outcome.passed for outcome in outcomes)
    failed = sum(outcome.failed or (0 if outcome.passed else 1) for outcome in outcomes)
    skipped = sum(outcome.skipped for outcome in outcomes)
    return f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else "")


def table(outcomes: list[Outcome]) -> str:
    lines = ["", f"{'':2}{'时间':>6}  {'通过':>4} {'失败':>4}  项目"]
    for outcome in outcomes:
        sign = "✓" if outcome.ok else "✗"
        lines.append(
            f"{sign:2}{outcome.seconds:7.1f}s {outcome.passed:6} {outcome.failed:6}  {outcome.name}"
            + ("（没有测试）" if not outcome.passed and not outcome.failed else "")
        )
    return "\n".join(lines)

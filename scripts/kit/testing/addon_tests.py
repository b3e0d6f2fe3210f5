"""Run the tests of one addon, alone or on the whole platform."""
import time
from pathlib import Path

from .. import addons, serve
from . import logs
from .lab import Lab
from .results import Outcome

SHOWN_COMPLAINTS = 12


def ground(lab: Lab, name: str) -> str:
    """The template that an addon is installed on when it is alone: its dependencies."""
    return lab.template(addons.closure(lab.addons, [name])[:-1])


def fresh(lab: Lab, name: str, tags: str = "") -> Outcome:
    """Install the addon on its dependencies alone, then run its tests: it must not lean on anything else."""
    with lab.copy(ground(lab, name)) as database:
        lab.server.apply_owner_sql(database, [lab.addons[name]])
        return run(lab, name, database, "-i", name, tags=tags, title=f"{name}（单独安装）")


def together(lab: Lab, names: list[str]) -> list[Outcome]:
    """Run the tests of addons where all addons are installed, one addon after another on one database: what one leaves
    there disturbs none of the others. An outcome for each addon.
    """
    names = sorted(names)  # as Odoo goes through them
    with lab.copy(lab.all_template()) as database:
        log = lab.log(f"together-{database}")
        code, text = call(lab, database, log, "--test-tags", ",".join(f"/{name}" for name in names))
    outcomes = []
    for name, lines in logs.parts(text.splitlines(), names).items():
        outcome = Outcome(f"{name}（全部模块）", seconds=logs.seconds(lines))
        judge(outcome, name, lines, *logs.tests(lines), log)
        outcomes.append(outcome)
    seen, told = sum(outcome.passed for outcome in outcomes), logs.counts(text)
    if all(outcome.ok for outcome in outcomes) and (code or told != (seen, 0)):
        outcomes[-1].fail(f"Odoo 以代码 {code} 结束；日志中有 {seen} 个测试，Odoo 报告（总数，失败）{told}",
                          f"完整日志：{log}")
    return outcomes


def run(lab: Lab, name: str, database: str, *options: str, tags: str = "", title: str = "") -> Outcome:
    outcome = Outcome(title or name)
    started = time.monotonic()
    log = lab.log(f"{name}-{database}")
    chosen = ",".join(f"/{name}:{one}" if one else f"/{name}" for one in tags.removeprefix(":").split(","))
    code, text = call(lab, database, log, *options, "--test-tags", chosen)
    judge(outcome, name, text.splitlines(), *logs.counts(text), log)
    if code and not outcome.failed:
        outcome.fail(f"{name}：Odoo 以代码 {code} 结束", f"完整日志：{log}")
    if not outcome.passed and not outcome.failed and not has_tests(lab, name):
        outcome.passed = 1  # the installation itself was the test
    outcome.seconds = time.monotonic() - started
    return outcome


def call(lab: Lab, database: str, log: Path, *options: str) -> tuple[int, str]:
    """Have Odoo test; return its exit code and all that it said."""
    log.unlink(missing_ok=True)
    code = lab.odoo.call(
        "-d", database, *options, "--stop-after-init", "--skip-auto-install",
        "--http-port", str(serve.free_port()), log=log,
    )
    return code, log.read_text(encoding="utf-8", errors="replace")


def judge(outcome: Outcome, name: str, lines: list[str], count: int, failed: int, log: Path) -> None:
    outcome.failed = failed
    outcome.passed = max(count - failed, 0)
    outcome.skipped = sum(": skipped Test" in line for line in lines)
    complaints = logs.complaints(lines)
    if complaints and not failed:
        outcome.fail(f"{name}：日志中有 {len(complaints)} 条未预期的警告或错误")
    outcome.details += complaints[:SHOWN_COMPLAINTS]
    if not outcome.ok:
        outcome.details.append(f"完整日志：{log}")


def has_tests(lab: Lab, name: str) -> bool:
    return any((lab.addons[name].folder / "tests").glob("test_*.py"))

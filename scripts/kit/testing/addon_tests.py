"""Run the tests of one addon, alone or on the whole platform."""
import time

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


def together(lab: Lab, name: str) -> Outcome:
    """Run the addon's tests where all addons are installed."""
    with lab.copy(lab.all_template()) as database:
        return run(lab, name, database, title=f"{name}（全部模块）")


def run(lab: Lab, name: str, database: str, *options: str, tags: str = "", title: str = "") -> Outcome:
    outcome = Outcome(title or name)
    started = time.monotonic()
    log = lab.log(f"{name}-{database}")
    log.unlink(missing_ok=True)
    code = lab.odoo.call(
        "-d", database, *options, "--test-tags", f"/{name}{tags}", "--stop-after-init", "--skip-auto-install",
        "--http-port", str(serve.free_port()), log=log,
    )
    text = log.read_text(encoding="utf-8", errors="replace")
    run_count, outcome.failed = logs.counts(text)
    outcome.passed = max(run_count - outcome.failed, 0)
    outcome.skipped = text.count(": skipped Test")
    complaints = logs.complaints(text.splitlines())
    if complaints and not outcome.failed:
        outcome.fail(f"{name}：日志中有 {len(complaints)} 条未预期的警告或错误")
    elif code and not outcome.failed:
        outcome.fail(f"{name}：Odoo 以代码 {code} 结束")
    if not run_count and not has_tests(lab, name):
        outcome.passed += not outcome.failed  # the installation itself was the test
    outcome.details += complaints[:SHOWN_COMPLAINTS]
    if not outcome.ok:
        outcome.details.append(f"完整日志：{log}")
    outcome.seconds = time.monotonic() - started
    return outcome


def has_tests(lab: Lab, name: str) -> bool:
    return any((lab.addons[name].folder / "tests").glob("test_*.py"))

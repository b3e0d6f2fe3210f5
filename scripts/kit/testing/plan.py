"""The whole run, two lanes wide: everything .ci/run checks."""
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from .. import addons
from ..console import say
from . import addon_tests, stages, system, translations
from .lab import Lab
from .results import Outcome

LANES = 2
Task = tuple[str, Callable[[], list[Outcome]]]


def everything(lab: Lab) -> list[Outcome]:
    """First what is quick and what the rest stands on, then the long tests side by side."""
    outcomes = side_by_side([("模板数据库", lambda: templates(lab)), ("静态检查", static)])
    if not all(outcome.ok for outcome in outcomes if outcome.name == "模板数据库"):
        return outcomes
    return outcomes + side_by_side([
        *((f"tests/{folder.name}", lambda folder=folder: [system.run(lab, folder)]) for folder in system.folders()),
        *together_tasks(lab),
        *alone_tasks(lab),
        ("中文完整性", lambda: translations.check(lab)),
    ])


def static() -> list[Outcome]:
    return stages.lint() + stages.architecture() + stages.scripts() + stages.packages()


def together(lab: Lab, names: list[str]) -> list[Outcome]:
    return side_by_side(together_tasks(lab, names))


def together_tasks(lab: Lab, names: list[str] | None = None) -> list[Task]:
    return [
        (f"{name} 全部", lambda name=name: [addon_tests.together(lab, name)])
        for name in names or platform(lab) if addon_tests.has_tests(lab, name)
    ]


def alone(lab: Lab) -> list[Outcome]:
    return side_by_side(alone_tasks(lab))


def alone_tasks(lab: Lab) -> list[Task]:
    return [
        (f"{name} 单独", lambda name=name: [addon_tests.fresh(lab, name)])
        for name in lab.addons if name != addons.EVERYTHING
    ]


def templates(lab: Lab) -> list[Outcome]:
    """Each addon installed on its dependencies, one on top of the other; the last one is the platform."""
    outcome = Outcome("模板数据库")
    started = time.monotonic()
    for name in platform(lab):
        lab.template([name])
        outcome.passed += 1
    lab.all_template()
    outcome.seconds = time.monotonic() - started
    return [outcome]


def platform(lab: Lab) -> list[str]:
    return list(addons.platform(lab.addons))


def side_by_side(tasks: list[Task]) -> list[Outcome]:
    """Run tasks on as many lanes as the machine bears; an exception in one is a failure of that one."""
    lanes = int(os.environ.get("CTSP_LANES", LANES))
    with ThreadPoolExecutor(lanes) as pool:
        results = list(pool.map(guarded, tasks))
    return [outcome for outcomes in results for outcome in outcomes]


def guarded(task: Task) -> list[Outcome]:
    title, body = task
    started = time.monotonic()
    try:
        outcomes = body()
    except Exception as error:
        outcomes = [Outcome(title, failed=1, seconds=time.monotonic() - started, details=[str(error)])]
    for outcome in outcomes:
        say(f"{'✓' if outcome.ok else '✗'} {outcome.name}：{outcome.passed} 通过，{outcome.failed} 失败"
            f"（{outcome.seconds:.0f} 秒）")
    return outcomes

"""The whole run, two lanes wide: everything .ci/run checks."""
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from .. import addons
from ..console import say
from . import addon_tests, stages, system, translations
from .lab import Lab
from .results import Outcome

LANES = 2
Task = tuple[str, Callable[[], list[Outcome]]]


def everything(lab: Lab) -> list[Outcome]:
    """While one lane builds the templates the other checks what needs none, then addons alone in the order in which
    there is something to stand on. Once the whole platform is there, what needs it goes first, for it takes longest:
    at the end only short pieces are left, and neither lane waits long for the other.
    """
    broken, whole = threading.Event(), threading.Event()
    return side_by_side(
        [("模板数据库", lambda: templates(lab, broken, whole)), ("静态检查", static),
         *((title, unless(broken, body)) for title, body in alone_tasks(lab))],
        [(title, unless(broken, body)) for title, body in (
            *together_tasks(lab),
            *((f"tests/{folder.name}", lambda folder=folder: [system.run(lab, folder)])
              for folder in system.folders()),
            ("中文完整性", lambda: translations.check(lab)),
        )], whole)


def unless(broken: threading.Event, body: Callable[[], list[Outcome]]) -> Callable[[], list[Outcome]]:
    """Say nothing more once a template could not be built: everything else would say the same."""
    return lambda: [] if broken.is_set() else body()


def static() -> list[Outcome]:
    return stages.lint() + stages.architecture() + stages.scripts() + stages.packages()


def together(lab: Lab, names: list[str]) -> list[Outcome]:
    return side_by_side(together_tasks(lab, names))


def together_tasks(lab: Lab, names: list[str] | None = None) -> list[Task]:
    """What crosses addons stands in an addon of its own and has a lane of its own: it takes as long as many others."""
    wanted = [name for name in names or platform(lab) if addon_tests.has_tests(lab, name)]
    crossing = [name for name in wanted if name == addons.EVERYTHING]
    groups = [[name for name in wanted if name not in crossing], crossing]
    return [(f"全部模块：{'、'.join(group)}", lambda group=group: addon_tests.together(lab, group))
            for group in groups if group]


def alone(lab: Lab) -> list[Outcome]:
    return side_by_side(alone_tasks(lab))


def alone_tasks(lab: Lab) -> list[Task]:
    return [(f"{name} 单独", lambda name=name: [addon_tests.fresh(lab, name)]) for name in lone(lab)]


def lone(lab: Lab) -> list[str]:
    return [name for name in lab.addons if name != addons.EVERYTHING]


def templates(lab: Lab, broken: threading.Event, whole: threading.Event) -> list[Outcome]:
    """What each addon stands on when it is alone, one on top of the other; then the platform with its sample data."""
    outcome = Outcome("模板数据库")
    started = time.monotonic()
    try:
        for name in lone(lab):
            addon_tests.ground(lab, name)
            outcome.passed += 1
        lab.sample_template()
        outcome.passed += 1
        whole.set()
    except Exception:
        broken.set()
        raise
    outcome.seconds = time.monotonic() - started
    return [outcome]


def platform(lab: Lab) -> list[str]:
    return list(addons.platform(lab.addons))


def side_by_side(tasks: list[Task], long: Sequence[Task] = (), ready: threading.Event | None = None) -> list[Outcome]:
    """Run tasks on as many lanes as the machine bears; an exception in one is a failure of that one.

    Those of `long` come last, but next of all as soon as they are `ready`.
    """
    queues, turn = (deque(tasks), deque(long)), threading.Lock()

    def take() -> Task | None:
        with turn:
            order = reversed(queues) if ready and ready.is_set() else queues
            return next((queue.popleft() for queue in order if queue), None)

    def lane(_number: int) -> list[Outcome]:
        return [outcome for task in iter(take, None) for outcome in guarded(task)]

    lanes = int(os.environ.get("CTSP_LANES", LANES))
    with ThreadPoolExecutor(lanes) as pool:
        return [outcome for found in pool.map(lane, range(lanes)) for outcome in found]


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

"""scripts/test and scripts/i18n: read the command line, run what it asks for."""
import argparse
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from .. import host, paths, venv
from ..console import say
from ..errors import Problem
from . import addon_tests, effort, plan, stages, system, translations
from .lab import Lab
from .results import Outcome, table, total


def test() -> int:
    options, rest = arguments()
    started = time.monotonic()
    static_only = options.static and not (options.addons or options.alone or options.i18n or options.system)
    prepare(packages=not (options.addons or static_only))
    if static_only:
        return report([outcome for stage in options.static for outcome in stage()], time.monotonic() - started)
    lab = Lab()
    lab.start()
    try:
        outcomes = chosen(lab, options, rest)
        spent = effort.seconds(lab.server.cluster)
    finally:
        lab.close()
    return report(outcomes, time.monotonic() - started, spent)


def prepare(packages: bool) -> None:
    """Have everything there that tests need, in half the time: what waits for the network beside what has to work."""
    with ThreadPoolExecutor(1) as beside:
        found = beside.submit(host.ensure_for_tests) if packages else None
        venv.ensure(tests=True)
        if found:
            found.result()


def arguments() -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(
        prog="scripts/test",
        description="不带参数：.ci/run 的全部检查。给出模块名：从模板数据库测试该模块。"
        "对 --e2e 和 --system，“--”之后的参数交给 pytest，例如 scripts/test --e2e -- -k 备案。",
    )
    parser.add_argument("addons", nargs="*", metavar="ADDON[:Class[.method][,…]]", help="要测试的模块")
    parser.add_argument("--lint", action="append_const", dest="static", const=stages.lint, help="ruff、pylint-odoo")
    parser.add_argument("--arch", action="append_const", dest="static", const=stages.architecture, help="架构规则")
    parser.add_argument("--scripts", action="append_const", dest="static", const=stages.scripts, help="脚本自身")
    parser.add_argument("--crypto", action="append_const", dest="static", const=stages.packages, help="crypto/")
    parser.add_argument("--i18n", action="store_true", help="中文词条完整性")
    parser.add_argument("--alone", action="store_true", help="每个模块单独安装并测试")
    parser.add_argument("--together", action="store_true", help="在装有全部模块的数据库里测试给出的（或全部）模块")
    parser.add_argument("--e2e", action="append_const", dest="system", const="e2e", help="浏览器测试")
    parser.add_argument("--system", action="append", metavar="FOLDER", help="tests/ 下需要运行中平台的目录")
    given = sys.argv[1:]
    cut = given.index("--") if "--" in given else len(given)
    return parser.parse_args(given[:cut]), given[cut + 1 :]


def chosen(lab: Lab, options: argparse.Namespace, rest: list[str]) -> list[Outcome]:
    outcomes = [] if options.together else [one_addon(lab, name) for name in options.addons]
    if options.together:
        outcomes += plan.together(lab, options.addons)
    for stage in options.static or []:
        outcomes += stage()
    if options.alone:
        outcomes += plan.alone(lab)
    if options.i18n:
        outcomes += translations.check(lab)
    for name in options.system or []:
        outcomes.append(system.run(lab, paths.ROOT / "tests" / name, *rest))
    asked = (options.addons or options.static or options.alone or options.i18n or options.system
             or options.together)
    return outcomes if asked else plan.everything(lab)


def one_addon(lab: Lab, argument: str) -> Outcome:
    name, colon, tags = argument.partition(":")
    if name not in lab.addons:
        raise Problem(f"没有模块 {name}", "现有模块：" + "、".join(lab.addons))
    return addon_tests.fresh(lab, name, colon + tags)


def report(outcomes: list[Outcome], seconds: float, spent: float = 0) -> int:
    for outcome in outcomes:
        if not outcome.ok:
            say(f"\n✗ {outcome.name}")
            say("\n".join(outcome.details))
    say(table(outcomes))
    say(f"共 {seconds / 60:.1f} 分钟" + (f"，处理器 {spent / 60:.1f} 分钟" if spent else ""))
    say()
    say(total(outcomes))
    return 0 if outcomes and all(outcome.ok for outcome in outcomes) else 1


def i18n() -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/i18n", description="用模块当前的词条刷新 i18n/zh_CN.po；已有译文保留，新词条待填。",
    )
    parser.add_argument("addons", nargs="+", metavar="ADDON")
    options = parser.parse_args()
    venv.ensure(tests=True)
    lab = Lab()
    lab.start()
    try:
        return translations.refresh(lab, options.addons)
    finally:
        lab.close()

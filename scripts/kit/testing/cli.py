"""scripts/test and scripts/i18n: read the command line, run what it asks for."""
import argparse

from .. import venv
from ..console import say
from ..errors import Problem
from . import addon_tests, translations
from .lab import Lab
from .results import Outcome, table, total


def test() -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/test", description="不带参数：运行 .ci/run 的全部检查。给出模块名：只运行该模块的测试。",
    )
    parser.add_argument("addons", nargs="*", metavar="ADDON[:Class[.method]]", help="要测试的模块")
    options = parser.parse_args()
    venv.ensure(tests=True)
    lab = Lab()
    lab.start()
    try:
        outcomes = [one_addon(lab, name) for name in options.addons]
    finally:
        lab.close()
    return report(outcomes)


def one_addon(lab: Lab, argument: str) -> Outcome:
    name, colon, tags = argument.partition(":")
    if name not in lab.addons:
        raise Problem(f"没有模块 {name}", "现有模块：" + "、".join(lab.addons))
    return addon_tests.fresh(lab, name, colon + tags)


def report(outcomes: list[Outcome]) -> int:
    for outcome in outcomes:
        if not outcome.ok:
            say(f"\n✗ {outcome.name}")
            say("\n".join(outcome.details))
    say(table(outcomes))
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

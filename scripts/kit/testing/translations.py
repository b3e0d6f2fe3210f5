"""Keep every addon's i18n/zh_CN.po complete: refresh it from the installed addon, or say what it lacks."""
import json
import time
from pathlib import Path

from ..console import say
from ..errors import Problem
from .lab import Lab
from .results import Outcome

SHOWN = 15


def refresh(lab: Lab, names: list[str]) -> int:
    for name in names:
        if name not in lab.addons:
            raise Problem(f"没有模块 {name}", "现有模块：" + "、".join(lab.addons))
    report = examine(lab, lab.template(names), names, write=True)
    for name, found in report.items():
        say(f"{name}：{found['terms']} 个词条，新增 {found['added']}，删除 {found['removed']}，"
            f"待译 {len(found['open'])}")
        for term in found["open"][:SHOWN]:
            say(f"  待译：{term!r}")
        if len(found["open"]) > SHOWN:
            say(f"  …… 共 {len(found['open'])} 个，见 addons/{name}/i18n/zh_CN.po 中空的 msgstr")
    return 0


def check(lab: Lab) -> list[Outcome]:
    """One outcome per addon of the platform; a test counts as one complete addon."""
    started = time.monotonic()
    names = [name for name in lab.addons if not name.startswith("ctsp_test_")]
    report = examine(lab, lab.all_template(), names, write=False)
    outcome = Outcome("中文完整性")
    for name in names:
        found = report[name]
        problems = [f"{name}：缺译文 {term!r}" for term in found["open"]]
        problems += [f"{name}：{problem}" for problem in found["problems"]]
        if problems:
            advice = f"运行 scripts/i18n {name} 后填写空的 msgstr"
            outcome.fail(*problems[:SHOWN], f"{name}：共 {len(problems)} 处；{advice}")
        else:
            outcome.passed += 1
    outcome.seconds = time.monotonic() - started
    return [outcome]


def examine(lab: Lab, template: str, names: list[str], *, write: bool) -> dict:
    with lab.copy(template) as database:
        report = lab.odoo.data / f"{database}-terms.json"
        files = {name: str(lab.addons[name].folder / "i18n" / "zh_CN.po") for name in names}
        lab.odoo.script("terms", database, lab.log(f"i18n-{database}"), files=files, write=write, report=str(report))
        try:
            return json.loads(report.read_text(encoding="utf-8"))
        finally:
            Path(report).unlink(missing_ok=True)

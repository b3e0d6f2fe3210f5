"""In an Odoo shell: compare the terms of installed addons with their zh_CN.po, or rewrite the file."""
import io
import json
import os
import re
from pathlib import Path

import polib

from odoo.modules import get_module_path
from odoo.tools.translate import trans_export

CHINESE = re.compile(r"[\u4e00-\u9fff]")
PLACEHOLDER = re.compile(r"%\([a-zA-Z_]\w*\)[sdfr]|%[sdr]|\{[a-z_]\w*\}")
parameters = json.loads(os.environ["CTSP_PARAMETERS"])
env = globals()["env"]


def current_terms(name):
    buffer = io.BytesIO()
    trans_export(None, [name], buffer, "po", env)
    return polib.pofile(buffer.getvalue().decode())


def read(path):
    return polib.pofile(str(path)) if Path(path).exists() else polib.POFile()


def memory(path):
    """Translations that Odoo or another addon of ours already has; fields of a mixin recur in every heir."""
    known = {}
    odoo = [Path(get_module_path(module)) / "i18n" / "zh_CN.po" for module in ("portal", "mail", "web", "base")]
    ours = sorted(Path(path).parents[2].glob("*/i18n/zh_CN.po"), key=lambda own: "ctsp_base" in own.parts)
    for source in [*odoo, *ours]:
        known |= {entry.msgid: entry.msgstr for entry in read(source) if entry.msgstr and not entry.fuzzy}
    return known


def needs_translation(entry):
    return not CHINESE.search(entry.msgid)


def compare(terms, own):
    done = {entry.msgid: entry for entry in own if entry.msgstr}
    missing = [e.msgid for e in terms if needs_translation(e) and e.msgid not in done]
    problems = [f"标为 fuzzy：{entry.msgid!r}" for entry in done.values() if entry.fuzzy]
    problems += [
        f"占位符与原文不一致：{entry.msgid!r}"
        for entry in done.values()
        if sorted(PLACEHOLDER.findall(entry.msgid)) != sorted(PLACEHOLDER.findall(entry.msgstr))
    ]
    return missing, problems


def rewrite(name, path, terms, own):
    """Keep translations, add new terms, drop those that are gone."""
    known = memory(path)
    done = {entry.msgid: entry.msgstr for entry in own if not entry.obsolete}
    fresh = polib.POFile(wrapwidth=110)
    fresh.metadata = {
        "Project-Id-Version": name, "Language": "zh_CN", "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8", "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    for entry in terms:
        if needs_translation(entry) or done.get(entry.msgid):
            entry.msgstr = done.get(entry.msgid) or known.get(entry.msgid, "")
            fresh.append(entry)
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    fresh.save(str(path))
    return fresh, len([e for e in fresh if e.msgid not in done]), len(done.keys() - {e.msgid for e in fresh})


report = {}
for name, path in parameters["files"].items():
    terms, own, added, removed = current_terms(name), read(path), 0, 0
    if parameters["write"]:
        own, added, removed = rewrite(name, path, terms, own)
    missing, problems = compare(terms, own)
    report[name] = {"terms": len(terms), "added": added, "removed": removed, "open": missing, "problems": problems}
Path(parameters["report"]).write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")

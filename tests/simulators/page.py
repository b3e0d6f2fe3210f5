"""The screen of a simulated system: what came back, a form to send by hand, the fault switch."""
import html
import json

from simulators.faults import FAULTS, WORDS


def page(system) -> str:
    rows = "".join(
        f"<tr><td>{html.escape(kind)}</td><td>{html.escape(number)}</td><td>{version}</td><td><pre>"
        + html.escape(_short(system.received[kind, number, version]["data"]))
        + "</pre></td></tr>" for kind, number, version in reversed(system.log))
    faults = "".join(f'<option value="{name}">{WORDS[name]}</option>' for name in FAULTS)
    return f"""<!DOCTYPE html><html lang="zh"><meta charset="utf-8"><meta http-equiv="refresh" content="30">
<title>{system.title}（模拟）</title><h1>{system.title}（模拟）</h1>
<form method="post" action="/issue">{system.form}</form>
<form method="post" action="/faults"><p>故障开关：下一次 <select name="fault"><option></option>{faults}</select>
随机故障比例 <input name="rate" value="{system.rate}" size="4"> <button>设定</button>
（等待中：{"、".join(WORDS[name] for name in system.faults) or "无"}）</p></form>
<h2>平台回推</h2><table border="1" cellpadding="4">
<tr><th>类型</th><th>编号</th><th>版本</th><th>内容</th></tr>{rows}</table>"""


def _short(data) -> str:
    """Return ``data`` as people read it; long contents of files are cut."""
    text = json.dumps(data, ensure_ascii=False, indent=1, default=str)
    lines = (line if len(line) <= 300 else line[:120] + "…" for line in text.splitlines())
    return "\n".join(lines)[:4000]

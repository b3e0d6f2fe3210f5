"""The regulator's inspection system (药械化行政检查管理系统), played by a real HTTP server. For tests.

By hand:

    python tests/simulators/admin_system.py --platform http://127.0.0.1:8069 --keys FILE --port 8090

and a browser on its port shows tasks and answers, and issues tasks.
"""
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from simulators.other_system import OtherSystem, main


class AdminSystem(OtherSystem):
    """Issues tasks, is told what became of them."""

    title = "行政检查系统"
    backend = "admin"
    types = ("task.status", "inspection.result", "institution.registry", "annual.report", "trial", "receipt")
    form = """<p>任务编号 <input name="number" placeholder="RW2026-0001">
版本 <input name="version" value="1" size="3"> 完成时限 <input name="deadline" placeholder="2026-12-31"></p>
<p>企业清单（每行：名称 信用代码）<br><textarea name="enterprises" rows="4" cols="60"></textarea></p>
<p><button>下发任务</button></p>"""

    def issue(self, number, enterprises, version=1, **values) -> dict:
        """Issue (or change) a task."""
        return self.send("task.dispatch", number, version, {
            "taskNo": number, "action": "issue" if version == 1 else "update", "type": "special",
            "title": f"专项检查 {number}（示例）", "basis": "年度监管计划（示例）",
            "issuer": "示例药品监督管理局（示例）", "enterprises": enterprises, **values})

    def send_form(self, value):
        rows = [row.split() for row in value.get("enterprises", "").splitlines() if row.strip()]
        return self.issue(
            value.get("number") or f"RW{int(time.time())}",
            [{"name": row[0], "uscc": row[1] if len(row) > 1 else ""} for row in rows],
            int(value.get("version") or 1), deadline=value.get("deadline") or time.strftime("%Y-12-31"))


if __name__ == "__main__":
    main(AdminSystem, __doc__, 8090)

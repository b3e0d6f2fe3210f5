"""The regulator's business platform (综合业务平台), played by a real HTTP server. For tests.

By hand:

    python tests/simulators/business_platform.py --platform http://127.0.0.1:8069 --keys FILE --port 8091

and a browser on its port shows items and what came back, and hands items in; with ``--send FILE`` one message goes.
"""
import base64
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from simulators.other_system import OtherSystem, main, sm3

PDF = b"%PDF-1.4\n% sample\n%%EOF\n"


def file(name: str, content: bytes = PDF, **more) -> dict:
    """Return a file as it goes with an item."""
    return {"name": name, "sm3": sm3(content), "base64": base64.b64encode(content).decode(), **more}


class BusinessPlatform(OtherSystem):
    """Hands items in for applicants, is told of acceptance, progress and result."""

    title = "综合业务平台"
    backend = "business"
    types = ("biz.accept", "biz.status", "biz.result", "receipt")
    form = """<p>业务件编号 <input name="number" placeholder="YWJ2026000001">
版本 <input name="version" value="1" size="3">
操作 <select name="action"><option value="submit">申请</option><option value="update">变更</option>
<option value="supplement">补正</option><option value="withdraw">撤回</option></select>
事项 <select name="kind"><option value="change">变更备案（注册地址）</option><option value="inspection">检查</option>
<option value="other">其他事项</option></select></p>
<p>申请单位 <input name="name" size="40"> 信用代码 <input name="uscc" size="20"></p>
<p>新注册地址 <input name="address" size="60" value="上海市徐汇区示例路2号（示例）">
补正说明、撤回理由 <input name="note" size="40"></p>
<p><button>推送业务件</button></p>"""

    def change(self, number, name, uscc="", address="上海市徐汇区示例路2号（示例）", version=1, **values) -> dict:
        """Hand in a change of the registered address, complete by the rules of filings."""
        return self.item(
            number, version, applicant={
                "name": name, "uscc": uscc, "contactName": "何示例（示例）", "contactPhone": "021-55550001"},
            kind="change", title=f"药物临床试验机构变更备案 {number}（示例）", changeDate=time.strftime("%Y-%m-%d"),
            form={"institution": {"name": name, "uscc": uscc, "address": address}},
            attachments=[file("变更证明（示例）.pdf", kind="change_proof")], **values)

    def item(self, number, version=1, **values) -> dict:
        """Send an item as ``values`` say."""
        return self.send("biz.item", number, version, {
            "itemNo": number, "action": "submit", "reason": "申请内容（示例）", "deadline": time.strftime("%Y-12-31"),
            **values})

    def withdraw(self, number, version, reason) -> dict:
        return self.send("biz.item", number, version, {"itemNo": number, "action": "withdraw", "reason": reason})

    def send_form(self, value):
        number, version = value.get("number") or f"YWJ{int(time.time())}", int(value.get("version") or 1)
        action, note = value.get("action", "submit"), value.get("note", "")
        if action == "withdraw":
            return self.withdraw(number, version, note)
        name, uscc = value.get("name", ""), value.get("uscc", "")
        if value.get("kind") == "change":
            return self.change(number, name, uscc, value.get("address", ""), version, action=action, note=note)
        return self.item(number, version, action=action, kind=value.get("kind"), title=f"业务件 {number}（示例）",
                         applicant={"name": name, "uscc": uscc}, note=note)


if __name__ == "__main__":
    main(BusinessPlatform, __doc__, 8091)

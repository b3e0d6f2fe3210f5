"""The regulator's mobile supervision APP (药品移动监管APP), its server played by a real HTTP server. For tests.

By hand:

    python tests/simulators/mobile_app.py --platform http://127.0.0.1:8069 --keys FILE --port 8092

and a browser on its port gives tickets out: the address in the answer opens the platform, once.
"""
import hmac
import json
import secrets
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from simulators.faults import Refusal
from simulators.other_system import OtherSystem, main, sm3


class MobileApp(OtherSystem):
    """Knows its people, gives each a ticket to the platform and says once who holds it."""

    title = "药品移动监管APP"
    backend = "app"
    types = ("ticket/check",)
    form = """<p>人员编号 <input name="subject" value="u1001"> 姓名 <input name="name" value="赵示例（示例）">
岗位 <input name="posts" value="检查员"></p>
<p>操作 <select name="action"><option value="ticket">进入平台（发放票据）</option>
<option value="signout">退出登录</option><option value="left">停用人员</option></select> <button>执行</button></p>"""

    def __init__(self, platform, theirs, ours, port=0):
        self.tickets = {}
        super().__init__(platform, theirs, ours, port)

    def ticket(self, subject="u1001", name="赵示例（示例）", **facts) -> str:
        """Give a ticket out; return it."""
        ticket = secrets.token_urlsafe(24)
        with self.lock:
            self.tickets[ticket] = {"subject": subject, "name": name, **facts}
        return ticket

    def address(self, ticket: str) -> str:
        """Return what the APP opens in its WebView."""
        return f"{self.platform}/ctsp/app?ticket={ticket}"

    def keep(self, kind, body) -> dict:
        """Answer a question about a ticket; it is good once."""
        asked = json.loads(body)
        with self.lock:
            facts = self.tickets.pop(asked["ticket"], None)
        if facts is None:
            raise Refusal(400, 40001, "票据无效或已使用")
        assertion = json.dumps({
            "ticket": sm3(asked["ticket"].encode()), "nonce": asked["nonce"], "platform": asked["platform"],
            "time": int(time.time() * 1000), **facts}, ensure_ascii=False)
        return {"assertion": assertion, "key": self.ours["key"], "sign": self.vouch(assertion)}

    def sign_out(self, subject: str) -> dict:
        return self.send("app.signout", f"{subject}-{time.time_ns()}", 1, {"subject": subject})

    def left(self, subject: str) -> dict:
        return self.send("app.person", subject, time.time_ns() // 1_000_000_000, {"subject": subject, "state": "left"})

    def vouch(self, assertion: str) -> str:
        return hmac_sm3(self.ours["secret"], f"app.ticket\n{assertion}")

    def send_form(self, value):
        subject = value.get("subject", "u1001")
        if value.get("action") == "signout":
            return self.sign_out(subject)
        if value.get("action") == "left":
            return self.left(subject)
        posts = value.get("posts", "").split()
        ticket = self.ticket(subject, value.get("name", subject), posts=posts, organisation="310000",
                             organisationName="示例检查中心（示例）")
        return {"code": 0, "message": "OK", "data": {"url": self.address(ticket)}}


def hmac_sm3(secret: str, text: str) -> str:
    return hmac.new(secret.encode(), text.encode(), "sm3").hexdigest()


if __name__ == "__main__":
    main(MobileApp, __doc__, 8092)

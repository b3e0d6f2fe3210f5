"""The regulator's inspection system (药械化行政检查管理系统), played by a real HTTP server. For tests.

It has a state of its own, issues tasks and keeps what comes back, checks signatures, knows what was sent twice, and
fails when told to. By hand:

    python tests/simulators/admin_system.py --platform http://127.0.0.1:8069 --keys FILE --port 8090

and a browser on its port shows tasks and answers, and issues tasks. FILE: JSON with the platform's key (`out`) and the
one it gave us (`in`), each {"key", "secret"}.
"""
import argparse
import hashlib
import hmac
import html
import json
import random
import secrets
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

WINDOW = 300_000  # milliseconds
FAULTS = ("refuse", "delay", "cut", "drop", "burst", "wrong_signature", "clock")
SAID = {
    "refuse": (503, 50301, "暂停服务"), "burst": (500, 50001, "系统繁忙"),
    "wrong_signature": (401, 40102, "签名不正确"), "clock": (401, 40103, "时间戳超出范围")}
TYPES = ("task.status", "inspection.result", "institution.registry", "receipt")


def sm3(data: bytes) -> str:
    return hashlib.new("sm3", data).hexdigest()


def sign(secret: str, method: str, target: str, timestamp: str, nonce: str, body: bytes) -> str:
    text = "\n".join((method, target, timestamp, nonce, sm3(body)))
    return hmac.new(secret.encode(), text.encode(), "sm3").hexdigest()


class Refusal(Exception):
    def __init__(self, status, code, message):
        super().__init__(message)
        self.status, self.code = status, code


class AdminSystem:
    """:param theirs: the platform's key; :param ours: the key that the platform issued to this system.

    ``faults``: names that the next requests meet, one each; ``rate`` and ``chance``: how many fail at random.
    """

    def __init__(self, platform: str, theirs: dict, ours: dict, port: int = 0):
        self.platform, self.theirs, self.ours = platform, theirs, ours
        self.faults, self.rate, self.chance = [], 0.0, random.Random(1)
        self.received, self.log, self.again, self.nonces = {}, [], 0, set()
        self.lock = threading.Lock()
        self.start(port)

    def start(self, port: int = 0) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", port), type("Own", (Handler,), {"system": self}))
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Go away; :meth:`start` with the same port comes back, with everything that was kept."""
        self.server.shutdown()
        self.server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api"

    # ---- what comes

    def data(self, kind: str) -> list[dict]:
        """What was received of a type, in the order in which it came."""
        with self.lock:
            return [self.received[key]["data"] for key in self.log if key[0] == kind]

    def wait(self, kind: str, wanted, seconds: float = 20) -> dict:
        """Return the first message of ``kind`` that ``wanted`` says yes to; how long it took is not judged here."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for data in self.data(kind):
                if wanted(data):
                    return data
            time.sleep(0.05)
        raise AssertionError(f"no such {kind} within {seconds} s; received: {self.data(kind)}")

    def arrived(self, kind: str, data: dict) -> float:
        """Return when a message with ``data`` came (Unix seconds)."""
        with self.lock:
            return next(one["at"] for key, one in self.received.items() if key[0] == kind and one["data"] == data)

    def judge(self, method, target, headers, body) -> None:
        said = [headers.get(name) or "" for name in ("appKey", "timestamp", "nonce", "sign")]
        key, timestamp, nonce, given = said
        if key != self.theirs["key"]:
            raise Refusal(401, 40101, "密钥不存在")
        if not timestamp.isdigit() or abs(int(timestamp) - time.time() * 1000) > WINDOW:
            raise Refusal(401, 40103, "时间戳超出范围")
        if not hmac.compare_digest(sign(self.theirs["secret"], method, target, timestamp, nonce, body), given):
            raise Refusal(401, 40102, "签名不正确")
        with self.lock:
            if nonce in self.nonces:
                raise Refusal(401, 40104, "随机数已使用")
            self.nonces.add(nonce)

    def keep(self, kind, body) -> dict:
        message = json.loads(body)
        key = (kind, message["bizId"], message["version"])
        with self.lock:
            known = self.received.get(key)
            if known and known["data"] != message["data"]:
                raise Refusal(409, 40901, "内容不同")
            if known:
                self.again += 1
            else:
                self.received[key] = message | {"at": time.time()}
                self.log.append(key)
        return {"duplicate": bool(known)}

    def fault(self):
        """Return the name of what goes wrong with this request, None for nothing."""
        with self.lock:
            if self.faults:
                return self.faults.pop(0)
            return self.chance.choice(FAULTS) if self.rate and self.chance.random() < self.rate else None

    # ---- what goes

    def send(self, kind, business_id, version, data, **changed) -> dict:
        """Send a message to the platform; return its answer (``status`` beside the envelope).

        :param changed: ``secret``, ``skew`` (milliseconds), ``nonce``, ``body``: what is wrong with it
        """
        target = f"/ctsp/exchange/v1/admin/{kind}"
        body = changed.get("body") or json.dumps(
            {"bizId": business_id, "version": version, "time": int(time.time() * 1000), "data": data},
            ensure_ascii=False).encode()
        timestamp = str(int(time.time() * 1000) + changed.get("skew", 0))
        nonce = changed.get("nonce") or secrets.token_urlsafe(24)
        headers = {
            "appKey": self.ours["key"], "timestamp": timestamp, "nonce": nonce, "Content-Type": "application/json",
            "sign": sign(changed.get("secret", self.ours["secret"]), "POST", target, timestamp, nonce, body)}
        request = urllib.request.Request(self.platform + target, body, headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer) | {"status": answer.status}
        except urllib.error.HTTPError as refusal:
            return json.load(refusal) | {"status": refusal.code}

    def issue(self, number, enterprises, version=1, **values) -> dict:
        """Issue (or change) a task."""
        return self.send("task.dispatch", number, version, {
            "taskNo": number, "action": "issue" if version == 1 else "update", "type": "special",
            "title": f"专项检查 {number}（示例）", "basis": "年度监管计划（示例）",
            "issuer": "示例药品监督管理局（示例）", "enterprises": enterprises, **values})


class Handler(BaseHTTPRequestHandler):
    """The doors of :class:`AdminSystem`, which is the class attribute ``system``."""

    protocol_version = "HTTP/1.1"
    system = None

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/issue":
            self._issue(parse_qs(body.decode()))
            return
        fault = self.system.fault()
        if fault == "drop":
            self._hang_up()
        elif fault in SAID:
            status, code, message = SAID[fault]
            self._answer(status, {"code": code, "message": message})
        else:
            if fault == "delay":
                time.sleep(1.5)
            self._take(body, fault == "cut")

    def _take(self, body, cut):
        try:
            self.system.judge("POST", self.path, self.headers, body)
            kind = urlsplit(self.path).path.removeprefix("/api/")
            if kind not in TYPES:
                raise Refusal(404, 40401, "没有此接口")
            answer = {"code": 0, "message": "OK", "data": self.system.keep(kind, body)}
        except Refusal as refusal:
            self._answer(refusal.status, {"code": refusal.code, "message": str(refusal)})
            return
        if cut:
            self._cut()
        else:
            self._answer(200, answer)

    def do_GET(self):
        page = _page(self.system).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def _issue(self, form):
        value = {name: values[0] for name, values in form.items()}
        rows = [row.split() for row in value.get("enterprises", "").splitlines() if row.strip()]
        answer = self.system.issue(
            value.get("number") or f"RW{int(time.time())}",
            [{"name": row[0], "uscc": row[1] if len(row) > 1 else ""} for row in rows],
            int(value.get("version") or 1), deadline=value.get("deadline") or time.strftime("%Y-12-31"))
        self._answer(200, answer)

    def _answer(self, status, content):
        body = json.dumps({"data": {}, "requestId": secrets.token_hex(8)} | content, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _cut(self):
        """Take the message, and break off in the middle of the answer."""
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b'{"code": 0, "mess')
        self._hang_up()

    def _hang_up(self):
        self.close_connection = True
        self.wfile.flush()
        self.connection.close()

    def log_message(self, *_arguments):
        """Be quiet."""


def _page(system) -> str:
    rows = "".join(
        f"<tr><td>{html.escape(kind)}</td><td>{html.escape(number)}</td><td>{version}</td><td><pre>"
        + html.escape(json.dumps(system.received[kind, number, version]["data"], ensure_ascii=False, indent=1)[:2000])
        + "</pre></td></tr>" for kind, number, version in reversed(system.log))
    return f"""<!DOCTYPE html><html lang="zh"><meta charset="utf-8"><meta http-equiv="refresh" content="15">
<title>行政检查系统（模拟）</title><h1>行政检查系统（模拟）</h1>
<form method="post" action="/issue"><p>任务编号 <input name="number" placeholder="RW2026-0001">
版本 <input name="version" value="1" size="3"> 完成时限 <input name="deadline" placeholder="2026-12-31"></p>
<p>企业清单（每行：名称 信用代码）<br><textarea name="enterprises" rows="4" cols="60"></textarea></p>
<p><button>下发任务</button></p></form>
<h2>平台回推</h2><table border="1" cellpadding="4">
<tr><th>类型</th><th>编号</th><th>版本</th><th>内容</th></tr>{rows}</table>"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--platform", required=True)
    parser.add_argument("--keys", required=True, type=Path)
    parser.add_argument("--port", type=int, default=8090)
    options = parser.parse_args()
    keys = json.loads(options.keys.read_text(encoding="utf-8"))
    system = AdminSystem(options.platform, keys["out"], keys["in"], options.port)
    print(f"行政检查系统（模拟）：http://127.0.0.1:{system.port}", flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        system.stop()


if __name__ == "__main__":
    main()

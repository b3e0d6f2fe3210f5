"""The doors of a simulated system: what comes in over HTTP, its screen, and the faults it meets on the way."""
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

from simulators.faults import FAULTS, SAID, Refusal
from simulators.page import page


class Handler(BaseHTTPRequestHandler):
    """The doors of an :class:`OtherSystem`, which is the class attribute ``system``."""

    protocol_version = "HTTP/1.1"
    system = None

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path in ("/issue", "/faults"):
            value = {name: values[0] for name, values in parse_qs(body.decode()).items()}
            self._answer(200, self.system.send_form(value) if self.path == "/issue" else self._switch(value))
            return
        fault = self.system.fault()
        if fault == "drop":
            self._hang_up()
        elif fault == "restart":
            threading.Thread(target=self.system.restart, daemon=True).start()
            self._hang_up()
        elif fault in SAID:
            status, code, message = SAID[fault]
            self._answer(status, {"code": code, "message": message})
        else:
            if fault == "delay":
                time.sleep(1.5)
            self._take(body, fault == "cut")

    def _switch(self, value) -> dict:
        """Turn the fault switch: the next request meets ``fault``; ``rate`` of all fail at random."""
        if value.get("fault") in FAULTS:
            self.system.faults.append(value["fault"])
        if value.get("rate"):
            self.system.rate = min(1.0, max(0.0, float(value["rate"])))
        self.system.flush()
        return {"code": 0, "message": "OK", "data": {"faults": self.system.faults, "rate": self.system.rate}}

    def _take(self, body, cut):
        try:
            self.system.judge("POST", self.path, self.headers, body)
            kind = urlsplit(self.path).path.removeprefix("/api/")
            if kind not in (*self.system.types, "reconcile"):
                raise Refusal(404, 40401, "没有此接口")
            if self.system.envelopes:
                body = self.system.envelopes.open(body)
            take = self.system.reconcile if kind == "reconcile" else self.system.keep
            answer = {"code": 0, "message": "OK", "data": take(kind, body)}
        except Refusal as refusal:
            self._answer(refusal.status, {"code": refusal.code, "message": str(refusal)})
            return
        if cut:
            self._cut()
        else:
            self._answer(200, answer)

    def do_GET(self):
        content = page(self.system).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

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

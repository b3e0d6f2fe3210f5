"""Another system of the regulator, played by a real HTTP server: what all of them have in common. For tests.

It has a state of its own, sends messages and keeps what comes back, checks signatures, knows what was sent twice, and
fails when told to: `faults` are met one each by what comes (ARRIVING) and what goes (LEAVING), `rate` says how many
fail at random. A browser on its port shows what came, sends by hand and turns the fault switch.
"""
import argparse
import hashlib
import hmac
import json
import random
import secrets
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from simulators import reconciling
from simulators.doors import Handler
from simulators.faults import ARRIVING, LEAVING, Refusal
from simulators.server import Server

MEDIA = "application/ctsp-envelope+json"
WINDOW = 300_000  # milliseconds
AWAY = 1.0
"""seconds that a restart takes"""
PATIENCE = 180
"""seconds after which what has not come is not waited for any more: on a busy machine, with faults on the way"""


def sm3(data: bytes) -> str:
    return hashlib.new("sm3", data).hexdigest()


def sign(secret: str, method: str, target: str, timestamp: str, nonce: str, body: bytes) -> str:
    text = "\n".join((method, target, timestamp, nonce, sm3(body)))
    return hmac.new(secret.encode(), text.encode(), "sm3").hexdigest()


class OtherSystem:
    """:param theirs: the platform's key; :param ours: the key that the platform issued to this system."""

    title = ""
    backend = ""
    types = ()
    """what the platform may send"""
    form = ""
    """HTML of the fields with which a person sends something; see :meth:`send_form`"""

    def __init__(self, platform: str, theirs: dict, ours: dict, port: int = 0):
        self.platform, self.theirs, self.ours = platform, theirs, ours
        self.faults, self.rate, self.chance = [], 0.0, random.Random(1)
        self.received, self.log, self.again, self.nonces, self.held = {}, [], 0, set(), []
        self.sent, self.envelopes, self.met = {}, None, Counter()
        self.lock, self.life, self.away = threading.Lock(), threading.Lock(), False
        self.start(port)

    def start(self, port: int = 0) -> None:
        self.server = Server(("127.0.0.1", port), type("Own", (Handler,), {"system": self}))
        self.port, self.away = self.server.server_port, False
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Go away; :meth:`start` with the same port comes back, with everything that was kept."""
        with self.life:
            self.away = True
            self.server.end()

    def restart(self) -> None:
        """Go away with every connection, in the middle of whatever it was, and come back with what was kept."""
        if not self.life.acquire(blocking=False):
            return  # goes away already
        try:
            if not self.away:  # else whoever had it go brings it back
                self.server.end()
                time.sleep(AWAY)
                self.start(self.port)
        finally:
            self.life.release()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api"

    # ---- what comes

    def data(self, kind: str) -> list[dict]:
        """What was received of a type, in the order in which it came."""
        with self.lock:
            return [self.received[key]["data"] for key in self.log if key[0] == kind]

    def wait(self, kind: str, wanted, seconds: float = PATIENCE) -> dict:
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

    def known_as(self, kind: str, data: dict) -> tuple[str, int]:
        """Return the business number and version of the message of ``kind`` with ``data``."""
        with self.lock:
            return next(key[1:] for key, one in self.received.items() if key[0] == kind and one["data"] == data)

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

    def reconcile(self, _kind, body) -> dict:
        """Say truthfully what is kept."""
        with self.lock:
            return reconciling.answer({"platform": self.received, "system": self.sent}, json.loads(body)["data"])

    def fault(self, kinds=ARRIVING):
        """Return the name of what goes wrong now, one of ``kinds``; None for nothing."""
        with self.lock:
            named = next((name for name in self.faults if name in kinds), None)
            if named:
                self.faults.remove(named)
            elif self.rate and self.chance.random() < self.rate:
                named = self.chance.choice(kinds)
            if named:
                self.met[named] += 1
            return named

    # ---- what goes

    def send(self, kind, business_id, version, data, **changed) -> dict:
        """Send a message to the platform; return its answer (``status`` beside the envelope).

        The switch may have it sent twice, or after the next one: then ``{"held": True}`` is returned.

        :param changed: ``secret``, ``skew`` (milliseconds), ``nonce``, ``body``: what is wrong with it
        """
        fault = None if changed else self.fault(LEAVING)
        if fault == "reorder":
            with self.lock:
                self.held.append((kind, business_id, version, data))
            return {"held": True, "status": 0, "code": 0}
        answer = self._send(kind, business_id, version, data, **changed)
        if fault == "duplicate":
            answer = self._send(kind, business_id, version, data)
        self.flush()
        return answer

    def flush(self) -> None:
        """Send what was held back, the latest first."""
        while True:
            with self.lock:
                if not self.held:
                    return
                late = self.held.pop()
            self._send(*late)

    def _send(self, kind, business_id, version, data, **changed) -> dict:
        now = int(time.time() * 1000)
        body = changed.pop("body", None) or json.dumps(
            {"bizId": business_id, "version": version, "time": now, "data": data}, ensure_ascii=False).encode()
        answer = self._post(kind, body, **changed)
        if answer["code"] == 0:
            with self.lock:
                self.sent.setdefault((kind, business_id, version), {"data": data, "time": now})
        return answer

    def ask(self, **question) -> dict:
        """Ask the platform what it has (docs/exchange.md, “Reconciliation”); return its answer's data."""
        return self._post("reconcile", json.dumps(question).encode())["data"]

    def _post(self, kind, body, **changed) -> dict:
        target, media = f"/ctsp/exchange/v1/{self.backend}/{kind}", "application/json"
        if self.envelopes:
            body, media = self.envelopes.seal(body, kind), MEDIA
        timestamp = str(int(time.time() * 1000) + changed.get("skew", 0))
        nonce = changed.get("nonce") or secrets.token_urlsafe(24)
        headers = {
            "appKey": self.ours["key"], "timestamp": timestamp, "nonce": nonce, "Content-Type": media,
            "sign": sign(changed.get("secret", self.ours["secret"]), "POST", target, timestamp, nonce, body)}
        request = urllib.request.Request(self.platform + target, body, headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer) | {"status": answer.status}
        except urllib.error.HTTPError as refusal:
            return json.load(refusal) | {"status": refusal.code}

    def send_form(self, value: dict) -> dict:
        """Send what a person filled in on the screen; return the platform's answer."""
        raise NotImplementedError


def main(make, about: str, port: int) -> None:
    """Run a system from the command line. ``--send``: one message, as ``{"type", "bizId", "version", "data"}``.

    ``--keys``: JSON with the platform's key (`out`) and the one it gave this system (`in`), each {"key", "secret"}.
    """
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument("--platform", required=True)
    parser.add_argument("--keys", required=True, type=Path)
    parser.add_argument("--port", type=int, default=port)
    parser.add_argument("--send", type=Path, metavar="FILE", help="send the message in this JSON file and stop")
    options = parser.parse_args()
    keys = json.loads(options.keys.read_text(encoding="utf-8"))
    system = make(options.platform, keys["out"], keys["in"], 0 if options.send else options.port)
    if options.send:
        message = json.loads(options.send.read_text(encoding="utf-8"))
        print(json.dumps(system.send(
            message["type"], message["bizId"], message.get("version", 1), message["data"]), ensure_ascii=False))
        return
    print(f"{system.title}（模拟）：http://127.0.0.1:{system.port}", flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        system.stop()

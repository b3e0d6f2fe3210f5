"""Both ends of the chaos drill: a system that sends notes and keeps what comes, and a process that writes states."""
import json
import secrets
import subprocess
import time

from simulators.faults import ARRIVING
from simulators.other_system import OtherSystem
from victim import ROOT, die_with_parent

OBJECTS = 5
"""business objects of each sender"""
CONNECT = """
import json
keys = json.loads('''{keys}''')
backend = env["ctsp.exchange.backend"].create({{
    "name": "混沌演练（示例）", "code": "chaos", "url": "{url}", "rate": 0, "threshold": 1000, "rest_seconds": 1,
    "read_seconds": 3, "total_seconds": 5, "parallel": 8}})
kinds = [env["ctsp.exchange.type"].create({{
    "backend_id": backend.id, "name": code, "code": code, "direction": direction, "receipt": direction == "in",
    "order": "kept"}}) for code, direction in (("note", "in"), ("receipt", "out"), ("state", "out"))]
env["ctsp.exchange.contract"].create({{"type_id": kinds[0].id, "state": "published"}})
for use, key in keys.items():
    env["ctsp.exchange.credential"]._issue(dict(key, use=use, backend_id=backend.id, minute_messages=0))
backend.state = "active"
env.cr.commit()
"""
WRITE = """
import time
from odoo.addons.ctsp_exchange.tools.outgoing import Outgoing
messages = env["ctsp.exchange.message"]
mine = [("backend_id.code", "=", "chaos"), ("type_id.code", "=", "state")]
for number in range(messages.search_count(mine), {total}):
    version = number // {objects} + 1
    messages._send("state", "chaos", Outgoing(f"S{{number % {objects}}}", {{"n": version}}, version=version))
    env.cr.commit()
    time.sleep({pace})
"""


class Chaos(OtherSystem):
    """Sends notes, keeps receipts and states. What it sends may go twice, not out of turn: it relies on that."""

    title, backend, types = "混沌演练", "chaos", ("receipt", "state")

    def __init__(self):
        self.keys = {use: {"key": f"chaos-{use}-{secrets.token_hex(6)}", "secret": secrets.token_urlsafe(32)}
                     for use in ("in", "out")}
        self.known, self.vain = 0, 0  # answered “I have it already”; tries that came to nothing
        super().__init__("http://127.0.0.1:1", self.keys["out"], self.keys["in"])

    def connect(self, platform):
        platform.shell(CONNECT.format(keys=json.dumps(self.keys), url=self.url))

    def fault(self, kinds=ARRIVING):
        return super().fault(tuple(kind for kind in kinds if kind != "reorder"))

    def _send(self, *message, **changed):
        answer = super()._send(*message, **changed)
        with self.lock:
            self.known += bool(answer["data"].get("duplicate"))
        return answer

    def progress(self) -> int:
        """Return how many messages there are on both sides so far, receipts apart."""
        with self.lock:
            return len(self.sent) + sum(kind == "state" for kind, _number, _version in self.log)

    def insist(self, number, version):
        """Send until it is accepted, whatever happens to the platform."""
        while True:
            try:
                if self.send("note", number, version, {"n": version})["code"] == 0:
                    return
            except (OSError, ValueError, KeyError):
                pass  # no connection, or an answer that broke off
            with self.lock:
                self.vain += 1
            time.sleep(0.2)

    def send_share(self, sender, count):
        """Send a sender's share: versions of its business objects, one after another."""
        for number in range(count):
            self.insist(f"{sender}-{number % OBJECTS}", number // OBJECTS + 1)


class Writer:
    """A process of the platform that makes messages in its business transactions, and delivers them itself.

    Killed, it is started again and goes on after what it had committed, as any business does.
    """

    def __init__(self, platform, total: int, pace: float):
        self.platform, self.process = platform, None
        self.code = WRITE.format(total=total, objects=OBJECTS, pace=pace)
        self.starts = 0

    def keep_on(self) -> bool:
        """Start it, or start it again if it is gone; say whether it still has something to do."""
        if self.process and self.process.poll() == 0:
            return False
        if not self.process or self.process.poll() is not None:
            self.starts += 1
            self.process = subprocess.Popen(
                [ROOT / ".venv/bin/python", ROOT / ".venv/bin/odoo", "shell", "-c", self.platform.config,
                 "-d", self.platform.database, "--no-http", "--log-level", "critical"],
                stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT / "var",
                preexec_fn=die_with_parent)  # noqa: PLW1509 (only a system call is made)
            self.process.stdin.write(self.code.encode())
            self.process.stdin.close()
        return True

    def kill(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

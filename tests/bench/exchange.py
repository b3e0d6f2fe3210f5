"""Delivery of messages: latency at 20 a second from the commit to the other side's door, and queries for each.

Run in an Odoo shell: the thread that delivers is the one that any process has. The other side answers at once.
"""
import json
import os
import statistics
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from odoo import sql_db

from odoo.addons.ctsp_exchange.tools.outgoing import Outgoing

RATE, SECONDS, COUNTED = 20, 30, 200
ANSWER = b'{"code": 0, "message": "OK", "data": {}, "requestId": "r"}'


class Door(BaseHTTPRequestHandler):
    """Notes when each message arrives."""

    protocol_version = "HTTP/1.1"
    arrived: dict = {}

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.arrived.setdefault(json.loads(body)["bizId"], time.perf_counter())
        self.send_response(200)
        self.send_header("Content-Length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)

    def log_message(self, *_arguments):
        """Be quiet."""


def measure(env, rate=RATE, seconds=SECONDS):
    """Print one line of JSON: latency in ms, queries for each message."""
    os.environ["CTSP_EXCHANGE_LOOPBACK"] = "1"
    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    kind = _kind(env, f"http://127.0.0.1:{server.server_port}/api")
    for number in range(5):  # registry, keys and caches are warm
        _write(env, kind, f"warm {number}")
    _wait(5)
    written = {}
    started = time.perf_counter()
    for number in range(rate * seconds):
        time.sleep(max(0.0, started + number / rate - time.perf_counter()))
        written[f"timed {number}"] = _write(env, kind, f"timed {number}")
    _wait(5 + len(written))
    waits = sorted(1000 * (Door.arrived[name] - when) for name, when in written.items())
    queries = _queries(env, kind)
    server.shutdown()
    print(json.dumps({
        "rate": rate, "messages": len(waits), "p50": statistics.median(waits), "p95": waits[int(0.95 * len(waits))],
        "max": waits[-1], **queries}))


def _kind(env, url):
    backends = env["ctsp.exchange.backend"]
    backend = backends.search([("code", "=", "bench")]) or backends.create({"name": "Bench", "code": "bench"})
    backend.write({"url": url, "rate": 0, "parallel": 8})
    if not backend.credential_ids:
        env["ctsp.exchange.credential"]._issue({"backend_id": backend.id, "use": "out"})
    backend.action_resume()
    kind = backend.type_ids or env["ctsp.exchange.type"].create(
        {"name": "news", "code": "news", "backend_id": backend.id, "direction": "out"})
    env.cr.commit()
    return kind


def _write(env, kind, number):
    """Write a message as a business step does; return when its transaction was committed."""
    kind._write_out(Outgoing(number, {"number": number, "text": "示例" * 200}, version=time.time_ns() % 2**31))
    env.cr.commit()
    return time.perf_counter()


def _queries(env, kind):
    """Return queries to write a message and to deliver it, in the process as a whole; nothing else runs in it."""
    before = sql_db.sql_counter
    for number in range(COUNTED):
        kind._write_out(Outgoing(f"counted {number}", {"n": number}, version=time.time_ns() % 2**31))
        env.flush_all()
    made = sql_db.sql_counter - before
    env.cr.commit()
    _wait(COUNTED, "counted")
    time.sleep(1)  # the last ones are settled
    return {"queries to write": made / COUNTED, "queries to deliver": (sql_db.sql_counter - before - made) / COUNTED}


def _wait(wanted, prefix=""):
    """Wait until ``wanted`` messages have arrived, at most a minute."""
    for _look in range(6000):
        if len([name for name in list(Door.arrived) if name.startswith(prefix)]) >= wanted:
            return
        time.sleep(0.01)
    raise AssertionError(f"{len(Door.arrived)} of {wanted} arrived")

"""Two hundred people with an open web socket: all connected, all alive, and what a screen costs meanwhile."""
import json
import statistics
import sys
import time

import requests
import websocket
from operations import OURS, record_ids
from single import client


def connect(base, session_id, version):
    socket = websocket.create_connection(
        base.replace("http", "ws", 1) + f"/websocket?version={version}", timeout=20, origin=base,
        cookie=f"session_id={session_id}")
    socket.send(json.dumps({"event_name": "subscribe", "data": {"channels": [], "last": 0}}))
    return socket


def measure(base, sessions):
    """Return counts of open sockets and the median of the screens (ms) while they are open."""
    web = client(base, sessions[0])
    version = worker_version(base, sessions[0])
    started = time.perf_counter()
    sockets = [connect(base, session, version) for session in sessions]
    opened = time.perf_counter() - started
    ids = record_ids(web, "ours")
    times = []
    for operation in OURS * 5:
        begun = time.perf_counter()
        operation.run(web, ids)
        times.append((time.perf_counter() - begun) * 1000)
    alive = 0
    for socket in sockets:
        socket.ping()
        alive += socket.connected
        socket.close()
    return {"asked": len(sessions), "alive": alive, "opened_s": opened, "screen_p50_ms": statistics.median(times)}


def worker_version(base, session_id):
    page = requests.get(f"{base}/odoo", cookies={"session_id": session_id}, timeout=60).text
    marker = '"websocket_worker_version": "'
    start = page.index(marker) + len(marker)
    return page[start:page.index('"', start)]


if __name__ == "__main__":
    with open(sys.argv[2], encoding="utf-8") as file:
        json.dump(measure(sys.argv[1], [session for _login, session in json.load(file)][:200]), sys.stdout)

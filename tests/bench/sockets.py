"""Two hundred people with an open web socket: all connected, all alive, and what a screen costs meanwhile."""
import json
import statistics
import sys
import time

import requests
import websocket
from operations import OURS, prepare
from person import person

ROUNDS = 5


def connect(base, session_id, version):
    socket = websocket.create_connection(
        base.replace("http", "ws", 1) + f"/websocket?version={version}", timeout=20, origin=base,
        cookie=f"session_id={session_id}")
    socket.send(json.dumps({"event_name": "subscribe", "data": {"channels": [], "last": 0}}))
    return socket


def alive(socket):
    """Say whether the other end answers a ping."""
    socket.ping()
    while True:
        opcode, _data = socket.recv_data(control_frame=True)
        if opcode == websocket.ABNF.OPCODE_PONG:
            return True
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            return False


def measure(base, sessions):
    """Return counts of open sockets and the median of the screens (ms) before and while they are open."""
    web = person(base, sessions[0])
    ids = prepare(web, "ours")
    version = worker_version(base, sessions[0])
    rounds(web, ids)
    before = rounds(web, ids)
    started = time.perf_counter()
    sockets = [connect(base, session, version) for session in sessions]
    opened = time.perf_counter() - started
    during = rounds(web, ids)
    living = sum(alive(socket) for socket in sockets)
    for socket in sockets:
        socket.close()
    return {"asked": len(sessions), "alive": living, "opened_s": opened, "p50_before_ms": before, "p50_ms": during}


def rounds(web, ids):
    times = []
    for operation in OURS * ROUNDS:
        begun = time.perf_counter()
        operation.run(web, ids)
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def worker_version(base, session_id):
    page = requests.get(f"{base}/odoo", cookies={"session_id": session_id}, timeout=60).text
    marker = '"websocket_worker_version": "'
    start = page.index(marker) + len(marker)
    return page[start:page.index('"', start)]


if __name__ == "__main__":
    with open(sys.argv[2], encoding="utf-8") as file:
        json.dump(measure(sys.argv[1], [session for _login, session in json.load(file)][:200]), sys.stdout)

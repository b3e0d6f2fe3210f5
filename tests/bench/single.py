"""One person through nginx: the platform's screens and the stock screens in turn, so that both see the same machine."""
import json
import statistics
import sys
import time

import requests
from operations import MIXES, record_ids
from webclient import WebClient

ROUNDS = 25


def client(base, session_id):
    http = requests.Session()
    http.cookies.set("session_id", session_id)
    return WebClient(http, base)


def measure(base, session_id, rounds=ROUNDS):
    """Return ``{operation: {"p50": ms, "p95": ms}}`` of both mixes."""
    web = client(base, session_id)
    ids = {mix: record_ids(web, mix) for mix in MIXES}
    operations = [(mix, operation) for mix, all_of_it in MIXES.items() for operation in all_of_it]
    times = {operation.name: [] for _mix, operation in operations}
    for number in range(rounds + 3):
        for mix, operation in operations:
            started = time.perf_counter()
            operation.run(web, ids[mix])
            if number >= 3:  # the first ones fill caches
                times[operation.name].append((time.perf_counter() - started) * 1000)
    return {name: {"p50": statistics.median(t), "p95": statistics.quantiles(t, n=20)[-1]} for name, t in times.items()}


if __name__ == "__main__":
    address, session = sys.argv[1:3]
    json.dump(measure(address, session), sys.stdout)

"""How long a password sign-in takes (reported only)."""
import json
import statistics
import sys
import time

import requests
from webclient import WebClient

TIMES = 5


def measure(base, database, login, password):
    seconds = []
    for _n in range(TIMES):
        http = requests.Session()
        web = WebClient(lambda path, body, _name, http=http: http.post(base + path, json=body, timeout=60).json())
        started = time.perf_counter()
        web.sign_in(database, login, password)
        seconds.append(time.perf_counter() - started)
    return {"sign_in_s": statistics.median(seconds)}


if __name__ == "__main__":
    json.dump(measure(*sys.argv[1:4], sys.stdin.read()), sys.stdout)

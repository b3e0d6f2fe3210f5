"""Fifty people at once, with or without time to think. Bounded by the caller in count and time.

Environment: CTSP_BENCH_MIX ours | stock, CTSP_BENCH_SESSIONS (the file of ``signed_in.py``),
CTSP_BENCH_THINK "1,5" (seconds) or "0", CTSP_BENCH_WARM_UP seconds whose figures are dropped, CTSP_BENCH_OUT: the file
for ``{operation: [milliseconds, …]}`` and the number of failures.
"""
import itertools
import json
import os
import random
import time

from locust import FastHttpUser, between, constant, events, task
from operations import MIXES, prepare
from person import person
from webclient import WebClient

MIX = os.environ.get("CTSP_BENCH_MIX", "ours")
WARM_UP = float(os.environ.get("CTSP_BENCH_WARM_UP", "10"))
LOW, _, HIGH = os.environ.get("CTSP_BENCH_THINK", "1,5").partition(",")
with open(os.environ["CTSP_BENCH_SESSIONS"], encoding="utf-8") as file:
    SESSIONS = [session for _login, session in json.load(file)]
NEXT_SESSION = itertools.cycle(SESSIONS)
VIEWS, IDS = {}, {}
SEEN = {"times": {}, "failures": 0, "seconds": 0, "begin": float("inf")}


@events.test_start.add_listener
def on_test_start(environment, **_unused):
    """Everybody has the views in the browser's memory already; figures begin when all are at work."""
    IDS.update(prepare(person(environment.host, SESSIONS[0], VIEWS), MIX))
    SEEN["begin"] = time.monotonic() + WARM_UP


@events.request.add_listener
def on_request(name, response_time, exception, **_unused):
    if time.monotonic() >= SEEN["begin"]:
        SEEN["times"].setdefault(name, []).append(response_time)
        SEEN["failures"] += exception is not None


@events.test_stop.add_listener
def on_test_stop(**_unused):
    SEEN["seconds"] = time.monotonic() - SEEN.pop("begin")
    with open(os.environ["CTSP_BENCH_OUT"], "w", encoding="utf-8") as out:
        json.dump(SEEN, out)


class Person(FastHttpUser):
    """Signed in already; works through the mix."""

    wait_time = between(float(LOW), float(HIGH)) if HIGH else constant(float(LOW))

    def on_start(self):
        self.cookie = {"Cookie": f"session_id={next(NEXT_SESSION)}"}
        self.web = WebClient(self.send, VIEWS)

    def send(self, path, body, name):
        with self.client.post(path, json=body, name=name, headers=self.cookie, catch_response=True) as answer:
            answer.raise_for_status()
            content = answer.json()
            if "error" in content:
                answer.failure(str(content["error"].get("data", {}).get("message")))
            return content

    @task
    def work(self):
        operations = MIXES[MIX]
        operation = random.choices(operations, [o.weight for o in operations])[0]
        operation.run(self.web, IDS)

"""Fifty people at once, with or without time to think. Bounded by the caller in count and time.

Environment: CTSP_BENCH_MIX ours | stock, CTSP_BENCH_SESSIONS (the file of ``signed_in.py``),
CTSP_BENCH_THINK "1,5" (seconds) or "0".
"""
import itertools
import json
import os
import random

from locust import HttpUser, between, constant, task
from operations import MIXES, record_ids
from webclient import WebClient

MIX = os.environ.get("CTSP_BENCH_MIX", "ours")
LOW, _, HIGH = os.environ.get("CTSP_BENCH_THINK", "1,5").partition(",")
with open(os.environ["CTSP_BENCH_SESSIONS"], encoding="utf-8") as file:
    SESSIONS = itertools.cycle([session for _login, session in json.load(file)])


class Person(HttpUser):
    """Signed in already; opens the views, then works through the mix."""

    wait_time = between(float(LOW), float(HIGH)) if HIGH else constant(float(LOW))

    def on_start(self):
        self.client.cookies.set("session_id", next(SESSIONS))
        self.web = WebClient(self.client, name=True)
        self.ids = record_ids(self.web, MIX)
        for model in self.ids:
            self.web.load_views(model)

    @task
    def work(self):
        operations = MIXES[MIX]
        operation = random.choices(operations, [o.weight for o in operations])[0]
        operation.run(self.web, self.ids)

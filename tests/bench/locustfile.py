"""Fifty people at once, with or without time to think. Bounded by the caller in count and time.

Environment: CTSP_BENCH_MIX ours | stock, CTSP_BENCH_DATABASE, CTSP_BENCH_LOGIN (with %d), CTSP_BENCH_PASSWORD,
CTSP_BENCH_THINK "1,5" (seconds) or "0".
"""
import itertools
import os
import random

from locust import HttpUser, between, constant, events, task

from operations import MIXES, record_ids
from webclient import WebClient

MIX = os.environ.get("CTSP_BENCH_MIX", "ours")
LOW, _, HIGH = os.environ.get("CTSP_BENCH_THINK", "1,5").partition(",")
NUMBERS = itertools.count(1)


class Person(HttpUser):
    """Signs in once, opens the views, then works through the mix."""

    wait_time = between(float(LOW), float(HIGH)) if HIGH else constant(float(LOW))

    def on_start(self):
        self.web = WebClient(self.client, name=True)
        login = os.environ["CTSP_BENCH_LOGIN"] % next(NUMBERS)
        self.web.sign_in(os.environ["CTSP_BENCH_DATABASE"], login, os.environ["CTSP_BENCH_PASSWORD"])
        self.ids = record_ids(self.web, MIX)
        for model in self.ids:
            self.web.load_views(model)

    @task
    def work(self):
        operations = MIXES[MIX]
        operation = random.choices(operations, [o.weight for o in operations])[0]
        operation.run(self.web, self.ids)


@events.spawning_complete.add_listener
def forget_the_sign_in(user_count, **_kwargs):
    """Measure the steady state: figures of the signing-in are thrown away."""
    for environment in list(ENVIRONMENTS):
        environment.stats.reset_all()


ENVIRONMENTS = []


@events.init.add_listener
def remember(environment, **_kwargs):
    ENVIRONMENTS.append(environment)

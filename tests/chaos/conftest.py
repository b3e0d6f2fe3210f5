"""Servers of our own to kill, and the facts read past Odoo.

CTSP_KILLS says how often each piece of work is killed: 3 in CI and by default, 20 or more in a long run:
`CTSP_KILLS=20 scripts/test --system chaos`. The moments are drawn: always the same ones in CI and by default, others
in each long run, which CTSP_SEED repeats.
"""
import os
import random
from contextlib import contextmanager

import pytest
import world
from victim import Facts, Victim

KILLS = int(os.environ.get("CTSP_KILLS", "3"))
BY_COMMAND = {"CTSP_KILLS", "CTSP_MESSAGES"} & os.environ.keys()
SEED = int(os.environ.get("CTSP_SEED") or (random.SystemRandom().randrange(10**6) if BY_COMMAND else 1))
SIZES = {"specialties": 20, "people": 80} if KILLS < 10 else {"specialties": 60, "people": 200}


@pytest.fixture(scope="session")
def chance():
    print(f"CTSP_SEED={SEED}")
    return random.Random(SEED)


@pytest.fixture(scope="session")
def people(platform):
    return world.make(platform, {
        "chaos_institution": ("institution_user",), "chaos_officer": ("filing_officer",),
        "chaos_second": ("filing_officer",), "chaos_steward": ("data_steward",),
    }, outside=("chaos_institution",))


@pytest.fixture(scope="session")
def facts(platform):
    asked = Facts(platform)
    yield asked
    asked.connection.close()


@pytest.fixture
def victim(platform):
    @contextmanager
    def running(cron=False, workers=0):
        server = Victim(platform, cron, workers)
        try:
            yield server
        finally:
            server.kill()

    return running

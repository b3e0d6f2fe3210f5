import pytest

import vectors
from ctsp_crypto import PrivateKey, Secret
from ctsp_crypto.providers.cloud import CloudProvider
from ctsp_crypto.providers.cloud.transport import Clocks
from simulator import Simulator
from simulator.services import secret_key


class FakeClocks(Clocks):
    """Time that passes only when somebody sleeps; remembers the pauses."""

    def __init__(self):
        self.at, self.pauses = 1000.0, []
        super().__init__(monotonic=lambda: self.at, sleep=self.pass_time, jitter=lambda: 1.0)

    def pass_time(self, seconds):
        self.pauses.append(seconds)
        self.at += seconds


@pytest.fixture
def simulator():
    made = Simulator()
    made.services.pairs["sign", 1] = PrivateKey(Secret(vectors.SM2_D))
    made.services.symmetric["data", 1] = secret_key(vectors.SM4_KEY)
    yield made
    made.close()
    assert not made.complaints


@pytest.fixture
def clocks():
    return FakeClocks()


@pytest.fixture
def connect(simulator, clocks):
    """A provider with changed settings."""
    made = []

    def build(read_back=True, pinned=None, trusted=None, **changes):
        stamper = simulator.services.provider.public_key(simulator.services.stamper)
        made.append(CloudProvider(
            simulator.service("signature", **changes), simulator.service("data", **changes), stampers=[stamper],
            read_back=read_back, pinned=pinned, trusted=trusted, clocks=clocks))
        return made[-1]

    yield build
    for provider in made:
        provider.close()


@pytest.fixture
def provider(connect):
    return connect()

"""The paces of the front door: what one address or one key asks too often keeps nobody else waiting."""
import http.client
import json
import os
import ssl
import threading
import time

import pytest
from echo import echoing
from kit.front_door import HOST

pytestmark = pytest.mark.skipif("CTSP_DOOR" not in os.environ, reason="a command: see test_front_door")


@pytest.fixture(scope="module")
def echo(tmp_path_factory):
    with echoing(tmp_path_factory.mktemp("pace")) as nginx:
        yield nginx


class Flood:
    """Calls of the open interface from one address, all at once: how many came through, what the others were told."""

    def __init__(self, door, address, keys):
        self.door, self.address, self.seen, self.seconds = door, address, [], 0
        self.lines = [threading.Thread(target=self.call, args=(key,)) for key in keys]

    def call(self, key):
        context = ssl.create_default_context(cafile=str(self.door.authority))
        line = http.client.HTTPSConnection(
            HOST, self.door.front, context=context, source_address=(self.address, 0), timeout=60)
        line.request("GET", "/ctsp/open/v1/x", headers={"appKey": key})
        answer = line.getresponse()
        self.seen.append((answer.status, answer.headers.get("Retry-After"), json.loads(answer.read()).get("code")))
        line.close()

    def start(self):
        for line in self.lines:
            line.start()
        return self

    def wait(self):
        began = time.monotonic()
        for line in self.lines:
            line.join()
        self.seconds = time.monotonic() - began
        return [status for status, _after, _code in self.seen]


def test_one_address_does_not_keep_the_others_waiting(echo):
    """It fills its own limit with keys it makes up; an institution elsewhere gets its answer soon all the same."""
    flood = Flood(echo, "127.0.3.1", [f"made-up-{number}" for number in range(150)]).start()
    for _turn in range(500):  # until the first ones are refused: the flood is there
        if any(status == 503 for status, _after, _code in list(flood.seen)):
            break
        time.sleep(0.02)
    other = Flood(echo, "127.0.3.2", ["an-institution"]).start()
    assert other.wait() == [200]
    assert other.seconds < 8, "60 calls of the other address at ten a second are before it, not 150"
    through = flood.wait().count(200)
    assert 60 <= through <= 60 + 5 * (flood.seconds + other.seconds + 10), through
    assert set(flood.seen) - {(200, None, None)} == {(503, "2", 50303)}


def test_a_key_has_a_pace_of_its_own(echo):
    """Fifty institutions behind one address come through together; fifty calls of one of them at once do not, nor do
    calls that name no key.
    """
    time.sleep(7)  # the shared limit is empty again after the test before
    assert Flood(echo, "127.0.3.3", [f"institution-{number}" for number in range(50)]).start().wait() == [200] * 50
    for address, keys in {"127.0.3.4": ["same-key"] * 50, "127.0.3.5": [f"!{number}" for number in range(50)]}.items():
        flood = Flood(echo, address, keys).start()
        through = flood.wait().count(200)
        assert 20 <= through <= 24 + 2 * flood.seconds, (address, through)
